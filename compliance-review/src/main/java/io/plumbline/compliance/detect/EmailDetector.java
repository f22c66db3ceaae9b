package io.plumbline.compliance.detect;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * E-mail addresses (the common part of RFC 5321), also spelled as "name at example dot com". Role mailboxes on the tenant's
 * own domains (fact {@code own_domains}) pass.
 */
final class EmailDetector implements Detector {
    private static final String LOCAL = "(?P<local>[A-Za-z0-9](?:[A-Za-z0-9._%+'-]{0,62}[A-Za-z0-9_+-])?)";
    private static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
    private static final Pattern PLAIN =
            Pattern.compile(LOCAL + "\\s?@\\s?(?P<domain>(?:" + LABEL + "\\.){1,8}[A-Za-z]{2,24})");
    private static final Pattern BRACKETS = Pattern.compile("[(\\[{<]");
    private static final Pattern BRACKETED =
            Pattern.compile("(?i)" + LOCAL + "\\s?[(\\[{<]\\s?(?:at|@)\\s?[)\\]}>]\\s?(?P<domain>" + LABEL
                    + "(?:\\s?(?:\\.|[(\\[{<]\\s?(?:dot|\\.)\\s?[)\\]}>])\\s?" + LABEL + "){1,8})");
    private static final Pattern SPELLED = Pattern.compile("(?i)" + LOCAL + "\\s?(?:\\bat\\b|艾特|小老鼠)\\s?(?P<domain>"
            + LABEL + "(?:\\s?(?:\\bdot\\b|点)\\s?" + LABEL + "){1,4})");

    /** A spelled-out address is taken for one only if it ends like one. */
    private static final Set<String> COMMON_TLDS = Set.of(
            "com", "org", "net", "edu", "gov", "cn", "hk", "tw", "mo", "io", "co", "uk", "de", "fr", "eu", "us", "info",
            "biz", "me", "ai", "app", "dev", "jp", "kr", "sg");

    private static final Set<String> FILE_ENDINGS =
            Set.of("png", "jpg", "jpeg", "gif", "svg", "webp", "css", "js", "ts", "json", "html", "pdf", "txt", "md");

    private static final Set<String> ROLES = Set.of(
            "info",
            "support",
            "service",
            "services",
            "sales",
            "contact",
            "admin",
            "hr",
            "jobs",
            "careers",
            "privacy",
            "legal",
            "press",
            "media",
            "help",
            "helpdesk",
            "office",
            "hello",
            "kefu",
            "webmaster",
            "postmaster",
            "abuse",
            "noreply",
            "no-reply",
            "security",
            "dpo",
            "compliance",
            "feedback",
            "enquiries",
            "billing");

    /** Words that stand before "at" in a sentence about a web site. */
    private static final Set<String> PROSE = Set.of(
            "us",
            "me",
            "look",
            "here",
            "meet",
            "site",
            "visit",
            "available",
            "found",
            "page",
            "website",
            "online",
            "it",
            "hosted",
            "live",
            "is",
            "are",
            "them",
            "him",
            "her",
            "you",
            "more",
            "read",
            "shop",
            "blog",
            "docs",
            "store");

    @Override
    public String id() {
        return "rx:email";
    }

    @Override
    public List<Match> find(Sentence sentence, Facts facts) {
        String text = sentence.view(View.EXACT);
        List<Match> matches = new ArrayList<>();
        if (text.indexOf('@') >= 0) {
            matches.addAll(find(PLAIN, false, sentence, facts));
        }
        // The spelled-out forms are rare, so a cheap look decides whether to search for them.
        String lower = text.toLowerCase(Locale.ROOT);
        boolean at = lower.contains("at") || text.indexOf('@') >= 0;
        if (at && BRACKETS.matcher(text).find()) {
            matches.addAll(find(BRACKETED, true, sentence, facts));
        }
        if ((at && lower.contains("dot")) || text.contains("点")) {
            matches.addAll(find(SPELLED, true, sentence, facts));
        }
        return matches;
    }

    private static List<Match> find(Pattern pattern, boolean spelled, Sentence sentence, Facts facts) {
        String text = sentence.view(View.EXACT);
        List<Match> matches = new ArrayList<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            int start = matcher.start();
            String local = matcher.group("local").toLowerCase(Locale.ROOT);
            String domain = domain(matcher.group("domain"));
            boolean begins = start == 0 || "*/.%+_=".indexOf(text.charAt(start - 1)) < 0;
            boolean prose = spelled && (PROSE.contains(local) || !COMMON_TLDS.contains(ending(domain)));
            boolean repository = local.equals("git") && text.startsWith(":", matcher.end());
            if (begins
                    && !prose
                    && !repository
                    && !FILE_ENDINGS.contains(ending(domain))
                    && !role(local, domain, facts)) {
                matches.add(sentence.match(View.EXACT, start, matcher.end()));
            }
        }
        return matches;
    }

    private static String domain(String written) {
        return written.toLowerCase(Locale.ROOT)
                .replaceAll("\\s*[(\\[{<]\\s*(?:dot|\\.)\\s*[)\\]}>]\\s*|\\s+dot\\s+|\\s*点\\s*", ".")
                .replaceAll("\\s", "");
    }

    private static String ending(String domain) {
        return domain.substring(domain.lastIndexOf('.') + 1);
    }

    private static boolean role(String local, String domain, Facts facts) {
        return ROLES.contains(local)
                && facts.values("own_domains").stream().anyMatch(own -> domain.equalsIgnoreCase(own));
    }

    @Override
    public int reach() {
        return Integer.MAX_VALUE;
    }
}
