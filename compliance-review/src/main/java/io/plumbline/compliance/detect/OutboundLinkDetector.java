package io.plumbline.compliance.detect;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Markdown or HTML images and links whose host is not on the allow-list (fact {@code allowed_hosts}, comma-separated; a
 * leading dot means every sub-domain), or whose address carries words of the conversation. The span is the address.
 */
final class OutboundLinkDetector implements Detector {
    private static final int CARRIED = 12;

    private static final Pattern LINK =
            Pattern.compile("(?i)(?:\\]\\(\\s*<?|\\]:\\s*<?|<|\\bsrc\\s*=\\s*[\"']?|\\bhref\\s*=\\s*[\"']?)"
                    + "(?P<url>(?:https?:|ftp:|data:)?//[^\\s)>\"']+)");

    @Override
    public String id() {
        return "rx:outbound-link";
    }

    @Override
    public List<Match> find(Sentence sentence, Facts facts) {
        String text = sentence.view(View.EXACT);
        if (!text.contains("//")) {
            return List.of();
        }
        List<String> allowed = facts.values("allowed_hosts");
        List<Match> matches = new ArrayList<>();
        Matcher matcher = LINK.matcher(text);
        while (matcher.find()) {
            String url = matcher.group("url");
            if (!Hosts.listed(Hosts.of(url), allowed) || carriesDialogue(url, facts.dialogue())) {
                matches.add(sentence.match(View.EXACT, matcher.start("url"), matcher.end("url")));
            }
        }
        return matches;
    }

    private static boolean carriesDialogue(String url, String dialogue) {
        int from = url.indexOf("//") + 2;
        int path = url.indexOf('/', from);
        if (path < 0 || dialogue.isBlank()) {
            return false;
        }
        String said = letters(dialogue);
        List<String> parts = new ArrayList<>(List.of(url.substring(path + 1).split("[/?&=#]")));
        EncodedRuns.in(Sentences.whole(url.substring(path))).forEach(decoded -> parts.add(decoded.text()));
        return parts.stream()
                .map(OutboundLinkDetector::unescaped)
                .map(OutboundLinkDetector::letters)
                .anyMatch(part -> part.length() >= CARRIED && said.contains(part));
    }

    private static String unescaped(String part) {
        try {
            return URLDecoder.decode(part, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return part;
        }
    }

    private static String letters(String text) {
        return Sentences.whole(text).text().replaceAll("[^\\p{L}\\p{N}]", "");
    }

    @Override
    public int reach() {
        return Integer.MAX_VALUE;
    }
}
