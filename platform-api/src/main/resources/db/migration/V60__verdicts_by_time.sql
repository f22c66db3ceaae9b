-- The overview counts the verdicts of today.
create index verdict_by_time on verdict (tenant, recorded_at);
