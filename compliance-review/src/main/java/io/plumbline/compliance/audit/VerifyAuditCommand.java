package io.plumbline.compliance.audit;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code verify-audit}: checks an exported audit log, or the proof of one entry, without any server. */
@Command(
        name = "verify-audit",
        mixinStandardHelpOptions = true,
        description = "Checks an exported audit log, or the proof of one entry: every hash, index, root and signature.",
        exitCodeOnExecutionException = VerifyAuditCommand.FAILED,
        footer = {
            "",
            "FILE comes from GET /api/v1/audit/export or GET /api/v1/audit/entries/INDEX/proof.",
            "Without --key, the key in the file itself is used: that shows that the file is whole, not who signed it.",
            "Get the key once on a way you trust (GET /api/v1/audit/keys, or audit/public-key.pem in the data folder of the",
            "server), and keep a tree head now and then: with --head, a log that was written anew is found as well.",
            "",
            "Exit code: 0 intact, 1 damaged or signed by another key, 2 wrong usage or input, 3 the command itself failed."
        })
// Picocli sets the options before it calls the command.
@SuppressWarnings("NullAway.Init")
public final class VerifyAuditCommand implements Callable<Integer> {
    static final int INTACT = 0;
    static final int DAMAGED = 1;
    static final int FAILED = 3;

    private static final int LOOK_AHEAD = 4096;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "public key to trust (PEM, or the answer of GET /api/v1/audit/keys); repeatable")
    private List<Path> keyFiles = new ArrayList<>();

    @Option(
            names = "--head",
            paramLabel = "FILE",
            description =
                    "a tree head kept earlier (the answer of GET /api/v1/audit/tree-head): the log must still begin so")
    private Optional<Path> headFile = Optional.empty();

    @Parameters(paramLabel = "FILE", description = "exported log (.jsonl), or proof of one entry (.json)")
    private Path file;

    /** Ends with the exit code that {@code --help} explains. */
    public static void main(String[] args) {
        var out = new PrintWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8), true);
        var err = new PrintWriter(new OutputStreamWriter(System.err, StandardCharsets.UTF_8), true);
        System.exit(run(out, err, args));
    }

    static int run(PrintWriter out, PrintWriter err, String... args) {
        return new CommandLine(new VerifyAuditCommand())
                .setOut(out)
                .setErr(err)
                .setExecutionExceptionHandler((failure, command, result) -> {
                    command.getErr().println("verify-audit: " + failure.getMessage());
                    return failure instanceof BadInput
                            ? command.getCommandSpec().exitCodeOnInvalidInput()
                            : FAILED;
                })
                .execute(args);
    }

    /** Input that cannot be used, with the remedy. */
    private static final class BadInput extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BadInput(String message) {
            super(message);
        }
    }

    @Override
    public Integer call() throws IOException {
        List<VerificationKey> keys = new ArrayList<>();
        for (Path keyFile : keyFiles) {
            keys.addAll(keys(keyFile));
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(existing(file)))) {
            byte[] start = in.readNBytes(LOOK_AHEAD);
            InputStream whole = new SequenceInputStream(new ByteArrayInputStream(start), in);
            return new String(start, StandardCharsets.ISO_8859_1).contains(EntryProof.FORMAT)
                    ? proof(whole.readAllBytes(), keys)
                    : log(whole, keys);
        }
    }

    private int log(InputStream in, List<VerificationKey> keys) throws IOException {
        Optional<SignedTreeHead> anchor = headFile.isPresent() ? Optional.of(head(headFile.get())) : Optional.empty();
        ExportVerifier.Report report;
        try {
            report = new ExportVerifier(new ExportVerifier.Trust(keys, anchor)).verify(in);
        } catch (IllegalArgumentException e) {
            throw new BadInput(String.valueOf(e.getMessage()));
        }
        return report.damage().isPresent() ? damaged(report) : intact(report, !keys.isEmpty());
    }

    private int intact(ExportVerifier.Report report, boolean pinned) {
        PrintWriter out = spec.commandLine().getOut();
        ExportHeader header = report.header().orElseThrow();
        ExportHeader.Range range = header.range();
        SignedTreeHead latest = report.latest().orElseThrow();
        out.printf("%s: intact%n", file);
        out.printf(
                "  log of %s, entries %d to %d of %d, %d tree head(s), exported %s%n",
                header.tenant(),
                range.from(),
                range.to() - 1,
                range.treeSize(),
                range.lastHead() - range.firstHead() + 1,
                LogTime.text(header.exportedAt()));
        describe(latest);
        if (report.anchored()) {
            out.println("  it still begins as the tree head says that was kept (--head)");
        }
        trust(latest.keyId(), pinned);
        return INTACT;
    }

    private int damaged(ExportVerifier.Report report) {
        PrintWriter out = spec.commandLine().getOut();
        Damage damage = report.damage().orElseThrow();
        out.printf("%s: DAMAGED%n  %s%n", file, damage);
        String good = report.latest()
                .map(head -> "the entries before tree head %d (size %d) are as they were signed"
                        .formatted(head.head().number(), head.head().size()))
                .orElse("nothing in the file can be relied on");
        out.printf("  %s; what comes behind the damage was not looked at%n", good);
        out.println(
                "  What to do: keep this file. Export the log again and verify that: if it is intact, only this copy was"
                        + " changed. If not, the stored log was: tell the operator, who restores the database from before the change"
                        + " and compares with tree heads kept elsewhere.");
        return DAMAGED;
    }

    private int proof(byte[] json, List<VerificationKey> keys) {
        PrintWriter out = spec.commandLine().getOut();
        EntryProof proof;
        List<String> problems;
        try {
            proof = EntryProof.parse(json);
            problems = new ArrayList<>(proof.problems());
        } catch (IllegalArgumentException e) {
            return refuted(List.of(String.valueOf(e.getMessage())));
        }
        if (!keys.isEmpty() && !keys.contains(proof.key())) {
            problems.add("key: it is signed by key %s, which is none of those given with --key"
                    .formatted(proof.key().id()));
        }
        if (!problems.isEmpty()) {
            return refuted(problems);
        }
        AuditEntry entry = proof.entry();
        out.printf("%s: proved%n", file);
        out.printf(
                "  entry %d is in the log of %s: %s, %s, target %s, by %s%n",
                entry.index(),
                entry.tenant(),
                LogTime.text(entry.time()),
                entry.act().type(),
                entry.act().target(),
                entry.act().actor());
        describe(proof.head());
        trust(proof.key().id(), !keys.isEmpty());
        return INTACT;
    }

    private int refuted(List<String> problems) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf("%s: PROVES NOTHING%n", file);
        problems.forEach(problem -> out.println("  " + problem));
        out.println("  What to do: keep this file, and fetch the proof again (GET /api/v1/audit/entries/INDEX/proof).");
        return DAMAGED;
    }

    private void describe(SignedTreeHead signed) {
        TreeHead head = signed.head();
        spec.commandLine()
                .getOut()
                .printf(
                        "  tree head %d: %d entries, %s, root %s%n",
                        head.number(), head.size(), LogTime.text(head.time()), head.root());
    }

    private void trust(String keyId, boolean pinned) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf("  signed by key %s%n", keyId);
        if (!pinned) {
            out.println(
                    "  The key came with the file: this shows that nothing was changed after it was signed, not who signed"
                            + " it. Compare the key's id with the one you know, or name the key with --key.");
        }
    }

    private static List<VerificationKey> keys(Path path) throws IOException {
        String text = Files.readString(existing(path), StandardCharsets.ISO_8859_1);
        try {
            // In the JSON of GET /keys the line ends within a PEM are escaped.
            List<VerificationKey> keys = VerificationKey.ofPem(text.replace("\\n", "\n"));
            if (!keys.isEmpty()) {
                return keys;
            }
        } catch (IllegalArgumentException e) {
            throw new BadInput("%s: %s".formatted(path, e.getMessage()));
        }
        throw new BadInput("%s holds no public key: PEM (-----BEGIN PUBLIC KEY-----) is expected".formatted(path));
    }

    private static SignedTreeHead head(Path path) throws IOException {
        try {
            return SignedTreeHead.parse(Files.readAllBytes(existing(path)));
        } catch (IllegalArgumentException e) {
            throw new BadInput("%s is no tree head: %s".formatted(path, e.getMessage()));
        }
    }

    private static Path existing(Path path) {
        if (!Files.isRegularFile(path)) {
            throw new BadInput("no such file: " + path);
        }
        return path;
    }
}
