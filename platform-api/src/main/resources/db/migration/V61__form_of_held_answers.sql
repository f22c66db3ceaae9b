-- The form that the caller asked an answer for (docs/decisions/0021-answers-in-a-form.md): what a reviewer releases has to be of
-- it too. JSON; null = any text, and cases from before. Row-level security and grants are those of the table: like everything
-- else that was asked, nobody may change it.
alter table review_case add column form text;
