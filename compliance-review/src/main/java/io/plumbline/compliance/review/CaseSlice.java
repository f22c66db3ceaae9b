package io.plumbline.compliance.review;

import java.util.List;

/**
 * Part of a list of cases.
 *
 * @param more whether others follow
 */
public record CaseSlice(List<CaseSummary> cases, boolean more) {
    public CaseSlice {
        cases = List.copyOf(cases);
    }
}
