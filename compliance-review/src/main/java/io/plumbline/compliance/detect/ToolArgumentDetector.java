package io.plumbline.compliance.detect;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;

/**
 * Requests into private networks, local files and joined shell commands inside the arguments of a tool call. A text is
 * arguments as a whole if the fact {@code content} is {@code tool-arguments}; in an answer they begin at
 * {@code <tool_call>} or an {@code "arguments"} member. Hosts in {@code allowed_hosts} and commands in {@code
 * allowed_commands} pass.
 */
final class ToolArgumentDetector implements Detector {
    private static final String COMMAND =
            "(?:sudo|rm|curl|wget|bash|zsh|sh|nc|ncat|cat|chmod|chown|python[23]?|perl|ruby|php|node|powershell|cmd|kill|dd|"
                    + "mkfs|scp|ssh|eval|exec|id|whoami|uname|env|printenv|tee|base64)\\b";
    private static final Pattern CALL = Pattern.compile("<tool_call>|\"(?:arguments|tool_calls|function_call)\"\\s*:");
    private static final Pattern CALL_END = Pattern.compile("</tool_call>");
    private static final Pattern URL =
            Pattern.compile("(?i)\\b(?:https?|ftp|gopher|dict|ldap|tftp):\\\\?/\\\\?/[^\\s\"'<>]+");
    private static final Pattern FILE = Pattern.compile("(?i)\\bfile:\\\\?/\\\\?/[^\\s\"'<>]*");
    private static final Pattern JOINED =
            Pattern.compile("(?:;|&&|\\|\\|?|`|\\$\\(|\\\\n|\\n|\\\\u0026\\\\u0026)\\s*" + COMMAND);

    @Override
    public String id() {
        return "rx:tool-argument";
    }

    @Override
    public List<Match> find(Sentence sentence, Facts facts) {
        return track(facts).accept(sentence);
    }

    @Override
    public Tracker track(Facts facts) {
        return new Call(facts);
    }

    @Override
    public int reach() {
        return Integer.MAX_VALUE;
    }

    private static final class Call implements Tracker {
        private final Facts facts;
        private final boolean always;
        private int open = SETTLED;

        Call(Facts facts) {
            this.facts = facts;
            this.always =
                    facts.value("content").filter("tool-arguments"::equals).isPresent();
        }

        @Override
        public List<Match> accept(Sentence sentence) {
            String text = sentence.view(View.EXACT);
            int from = 0;
            if (open == SETTLED) {
                Matcher call = CALL.matcher(text);
                if (!always && text.indexOf('"') < 0 && text.indexOf('<') < 0) {
                    return List.of();
                }
                if (always) {
                    open = sentence.start();
                } else if (call.find()) {
                    from = call.start();
                    open = sentence.rawIndex(View.EXACT, from);
                } else {
                    return List.of();
                }
            }
            Matcher end = CALL_END.matcher(text);
            boolean closes = !always && end.find(from);
            List<Match> matches = search(sentence, text, from, closes ? end.start() : text.length());
            if (closes) {
                open = SETTLED;
            }
            return matches;
        }

        @Override
        public int openFrom() {
            return open;
        }

        private List<Match> search(Sentence sentence, String text, int from, int to) {
            List<Match> matches = new ArrayList<>();
            String part = text.substring(from, to);
            Matcher url = URL.matcher(part);
            while (url.find()) {
                String host = Hosts.of(url.group().replace("\\", ""));
                if (Hosts.internal(host) && !Hosts.listed(host, facts.values("allowed_hosts"))) {
                    matches.add(sentence.match(View.EXACT, from + url.start(), from + url.end()));
                }
            }
            for (Pattern pattern : List.of(FILE, JOINED)) {
                Matcher matcher = pattern.matcher(part);
                while (matcher.find()) {
                    if (!allowed(part, matcher.start(), matcher.end())) {
                        matches.add(sentence.match(View.EXACT, from + matcher.start(), from + matcher.end()));
                    }
                }
            }
            return matches;
        }

        /** Whether an allowed command covers the range, and nothing but the argument's quotes stands around it. */
        private boolean allowed(String part, int start, int end) {
            for (String command : facts.values("allowed_commands")) {
                for (int at = part.indexOf(command); at >= 0; at = part.indexOf(command, at + 1)) {
                    int after = at + command.length();
                    boolean whole = (at == 0 || part.charAt(at - 1) == '"')
                            && (after == part.length() || part.charAt(after) == '"');
                    if (whole && at <= start && after >= end) {
                        return true;
                    }
                }
            }
            return false;
        }
    }
}
