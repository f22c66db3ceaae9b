package io.plumbline.platform.gateway;

import io.plumbline.compliance.review.CallerLanguage;
import io.plumbline.compliance.rule.Bilingual;
import io.plumbline.compliance.screen.Screened;
import io.plumbline.inference.TenantId;
import io.plumbline.platform.catalogue.ModelRoute;
import io.plumbline.platform.usage.Reservation;
import java.util.Optional;

/**
 * Whose answer it is, from which model, and where its tokens are counted.
 *
 * @param question what was asked
 * @param tier by which it is served, where the question asks for one
 */
record AnswerContext(
        TenantId tenant,
        ModelRoute route,
        Reservation reservation,
        long created,
        ChatQuestion question,
        Optional<ServiceTier> tier) {

    /** Rules speak both languages of the product; the caller's last message says which one to use. */
    CallerLanguage language() {
        return CallerLanguage.of(question.messages().getLast().content());
    }

    /** What a rule has to say, in the caller's language. */
    String told(Screened.Message message) {
        return language().choose(new Bilingual(message.zh(), message.en()));
    }
}
