package io.plumbline.platform.review;

import io.plumbline.compliance.review.Draft;
import io.plumbline.compliance.review.ReviewCase;
import java.util.Optional;

/**
 * A case as one reviewer sees it.
 *
 * @param draft what this reviewer typed and saved last; also when their lease has ended meanwhile
 */
public record CaseOnDesk(ReviewCase reviewCase, Optional<Draft> draft) {}
