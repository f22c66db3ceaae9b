package io.plumbline.compliance.audit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Verifies an export line by line, to its end or its first damage. Memory does not grow with the file. */
public final class ExportVerifier {
    private static final int MAX_LINE = 1 << 20;
    private static final String CUT = "the file ends in the middle; it was cut off";

    private final Trust trust;
    private long line;
    private long entries;
    private @Nullable ExportHeader header;
    private @Nullable SignedTreeHead latest;
    private @Nullable LogVerifier log;
    private boolean anchorSeen;

    /**
     * What is known about the log from elsewhere.
     *
     * @param keys whose signatures count; empty = those in the file
     * @param anchor a tree head that was kept earlier
     */
    public record Trust(Collection<VerificationKey> keys, Optional<SignedTreeHead> anchor) {
        /** Nothing is known. */
        public static final Trust FILE_ALONE = new Trust(java.util.List.of(), Optional.empty());
    }

    /**
     * What came of it.
     *
     * @param header empty if it is damaged
     * @param entries that were read and are good as far as the next tree head says
     * @param latest the last good tree head
     * @param anchored whether the anchor was met
     * @param damage the first; empty = the file is whole
     */
    public record Report(
            Optional<ExportHeader> header,
            long entries,
            Optional<SignedTreeHead> latest,
            boolean anchored,
            Optional<Damage> damage) {}

    public ExportVerifier(Trust trust) {
        this.trust = trust;
    }

    /**
     * Reads all of it.
     *
     * @throws IllegalArgumentException if the anchor says nothing about this part of the log
     */
    public Report verify(InputStream in) throws IOException {
        Optional<Damage> damage = Optional.empty();
        try {
            read(in);
        } catch (DamageFound found) {
            damage = Optional.of(
                    found.damage().line().isPresent()
                            ? found.damage()
                            : found.damage().atLine(line));
        }
        return new Report(Optional.ofNullable(header), entries, Optional.ofNullable(latest), anchorSeen, damage);
    }

    private void read(InputStream in) throws IOException, DamageFound {
        ExportHeader first = header(next(in));
        LogVerifier verifier = start(first);
        while (verifier.nextHead() <= first.range().lastHead()) {
            Optional<byte[]> text = next(in);
            if (text.isEmpty()) {
                throw new DamageFound(Damage.of(
                        "end",
                        "the file ends after %d entries and tree head %d; the header says that it goes on to entry %d and tree head %d: it was cut off"
                                .formatted(
                                        verifier.size() - first.range().from(),
                                        verifier.nextHead() - 1,
                                        first.range().to() - 1,
                                        first.range().lastHead())));
            }
            check(first, verifier, parse(text.get()));
        }
        if (next(in).isPresent()) {
            throw new DamageFound(
                    Damage.of("end", "the log of this file ended with the line before; this one was added"));
        }
        meetAnchorBeyond(first);
    }

    private void check(ExportHeader first, LogVerifier verifier, ExportLine parsed) throws DamageFound {
        switch (parsed) {
            case ExportLine.Entry(byte[] bytes, MerkleHash leafHash) -> {
                if (verifier.size() >= first.range().to()) {
                    throw new DamageFound(Damage.of(
                            "entry",
                            "the header says that entry %d is the last; this one was added"
                                    .formatted(first.range().to() - 1)));
                }
                verifier.entry(bytes, leafHash);
                entries++;
            }
            case ExportLine.Head(SignedTreeHead head) -> {
                if (verifier.size() == first.range().to()
                        && verifier.nextHead() == first.range().lastHead()) {
                    verifier.skip(first.range().treeSize(), first.outside().after());
                }
                verifier.head(head);
                latest = head;
            }
        }
        meetAnchor(verifier);
    }

    private void meetAnchor(LogVerifier verifier) throws DamageFound {
        SignedTreeHead anchor = trust.anchor().orElse(null);
        if (anchor == null || anchorSeen || anchor.head().size() != verifier.size()) {
            return;
        }
        if (!anchor.head().root().equals(verifier.root())) {
            throw new DamageFound(Damage.of(
                    "tree_head",
                    ("the first %d entries are not those of the tree head that was kept:"
                                    + " the log was written anew since")
                            .formatted(anchor.head().size())));
        }
        anchorSeen = true;
    }

    private void meetAnchorBeyond(ExportHeader first) throws DamageFound {
        if (anchorSeen || trust.anchor().isEmpty()) {
            return;
        }
        long kept = trust.anchor().get().head().size();
        if (kept > first.range().treeSize()) {
            throw new DamageFound(Damage.of(
                    "end",
                    ("the tree head that was kept covers %d entries and this log has %d: it was"
                                    + " cut, or exported before that tree head was signed")
                            .formatted(kept, first.range().treeSize())));
        }
        throw new IllegalArgumentException(
                "the tree head that was kept covers %d entries, and this file holds only the entries %d to %d; export the log from its beginning to compare"
                        .formatted(kept, first.range().from(), first.range().to() - 1));
    }

    private ExportHeader header(Optional<byte[]> text) throws DamageFound {
        if (text.isEmpty()) {
            throw new DamageFound(new Damage(
                    java.util.OptionalLong.of(1), java.util.OptionalLong.empty(), "header", "the file is empty"));
        }
        ExportHeader.Signed signed;
        try {
            signed = ExportHeader.parse(utf8(text.get()));
        } catch (IllegalArgumentException e) {
            throw new DamageFound(Damage.of("header", "this is no header of an audit export: " + e.getMessage()));
        }
        Collection<VerificationKey> keys = trusted(signed.header());
        Optional<VerificationKey> key =
                keys.stream().filter(k -> k.id().equals(signed.keyId())).findFirst();
        if (key.isEmpty()) {
            throw new DamageFound(Damage.of(
                    "header",
                    "it is signed by key %s, which is none of those that are trusted here: %s"
                            .formatted(
                                    signed.keyId(),
                                    keys.stream().map(VerificationKey::id).toList())));
        }
        if (!signed.signedBy(key.get())) {
            throw new DamageFound(
                    Damage.of("header", "its signature does not fit; the header was changed after it was signed"));
        }
        header = signed.header();
        return signed.header();
    }

    private Collection<VerificationKey> trusted(ExportHeader first) {
        return trust.keys().isEmpty() ? first.keys() : trust.keys();
    }

    private LogVerifier start(ExportHeader first) throws DamageFound {
        Optional<SignedTreeHead> anchor = trust.anchor();
        if (anchor.isPresent()) {
            if (!anchor.get().head().tenant().equals(first.tenant())) {
                throw new IllegalArgumentException(
                        "the tree head that was kept is of the log of %s, and the file of that of %s"
                                .formatted(anchor.get().head().tenant(), first.tenant()));
            }
            if (trusted(first).stream().noneMatch(anchor.get()::signedBy)) {
                throw new IllegalArgumentException(
                        "the signature of the tree head that was kept does not fit any trusted key");
            }
        }
        try {
            TreeFrontier frontier =
                    TreeFrontier.at(first.range().from(), first.outside().before());
            LogVerifier verifier = new LogVerifier(
                    first.tenant(), trusted(first), frontier, first.range().firstHead());
            log = verifier;
            return verifier;
        } catch (IllegalArgumentException e) {
            throw new DamageFound(Damage.of("header", String.valueOf(e.getMessage())));
        }
    }

    private ExportLine parse(byte[] text) throws DamageFound {
        try {
            return ExportLine.parse(text);
        } catch (IllegalArgumentException e) {
            String message = "this line was changed: " + e.getMessage();
            boolean head = new String(text, StandardCharsets.ISO_8859_1).startsWith(ExportLine.HEAD_START);
            throw new DamageFound(
                    head || log == null
                            ? Damage.of("tree_head", message)
                            : Damage.ofEntry(log.size(), "entry", message));
        }
    }

    private static String utf8(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The next line without its end; empty at the end of the file. */
    private Optional<byte[]> next(InputStream in) throws IOException, DamageFound {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        int c = in.read();
        if (c < 0) {
            return Optional.empty();
        }
        line++;
        for (; c >= 0 && c != '\n'; c = in.read()) {
            if (text.size() == MAX_LINE) {
                throw new DamageFound(Damage.of("line", "it is longer than any line of an export"));
            }
            text.write(c);
        }
        if (c < 0) {
            throw new DamageFound(Damage.of("end", CUT));
        }
        return Optional.of(text.toByteArray());
    }
}
