package io.plumbline.platform.audit;

import io.plumbline.compliance.audit.Damage;
import io.plumbline.compliance.audit.DamageFound;
import io.plumbline.compliance.audit.LogVerifier;
import io.plumbline.compliance.audit.MerkleHash;
import io.plumbline.compliance.audit.NodeId;
import io.plumbline.compliance.audit.SignedTreeHead;
import io.plumbline.compliance.audit.TreeFrontier;
import io.plumbline.inference.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads one tenant's stored log from its beginning, page by page, and checks every byte that later reads rely on. */
final class StoredLogCheck {
    private static final int PAGE = 1000;

    private final TenantId tenant;
    private final StoredHeads heads;
    private final StoredEntries entries;
    private final StoredNodes nodes;
    private final LogVerifier verifier;
    private @Nullable SignedTreeHead latest;

    StoredLogCheck(Connection connection, TenantId tenant) throws SQLException {
        this.tenant = tenant;
        this.heads = new StoredHeads(connection, tenant);
        this.entries = new StoredEntries(connection, tenant);
        this.nodes = new StoredNodes(connection, tenant.value());
        this.verifier = new LogVerifier(
                tenant,
                AuditKeys.published(connection).stream().map(PublishedKey::key).toList());
    }

    LogVerification run() throws SQLException {
        Optional<Damage> damage = Optional.empty();
        try {
            check();
        } catch (DamageFound found) {
            damage = Optional.of(found.damage());
        } catch (IllegalArgumentException e) {
            // A value that no row of a log can have, such as a key id that is no hash.
            damage = Optional.of(new Damage(
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    "tree_head",
                    "log of %s: one of the tree heads from number %d on, or an entry under it, is unreadable: %s"
                            .formatted(tenant, verifier.nextHead(), e.getMessage())));
        }
        long good = latest == null ? 0 : latest.head().size();
        return new LogVerification(damage.isEmpty() ? verifier.size() : good, Optional.ofNullable(latest), damage);
    }

    private void check() throws SQLException, DamageFound {
        List<SignedTreeHead> page = heads.from(verifier.nextHead(), PAGE);
        while (!page.isEmpty()) {
            for (SignedTreeHead head : page) {
                entriesUpTo(head.head().size());
                verifier.head(head);
                latest = head;
            }
            page = heads.from(verifier.nextHead(), PAGE);
        }
        if (!entries.range(verifier.size(), Long.MAX_VALUE, 1).isEmpty()) {
            throw found(
                    verifier.size(),
                    "entry",
                    "it is stored and no tree head covers it; it was added, or tree heads were" + " removed");
        }
    }

    private void entriesUpTo(long size) throws SQLException, DamageFound {
        while (verifier.size() < size) {
            long begin = verifier.size();
            List<StoredEntry> page = entries.range(begin, size, PAGE);
            if (page.isEmpty()) {
                throw found(begin, "entry", "it is missing; a tree head of size %d was signed".formatted(size));
            }
            List<TreeFrontier.Subtree> completed = new ArrayList<>();
            for (StoredEntry entry : page) {
                completed.addAll(check(entry));
            }
            checkNodes(completed);
        }
    }

    private List<TreeFrontier.Subtree> check(StoredEntry entry) throws DamageFound {
        long expected = verifier.size();
        if (entry.index() != expected) {
            throw found(expected, "entry", "it is missing; entry %d follows".formatted(entry.index()));
        }
        LogVerifier.Checked checked = verifier.entry(entry.bytes(), entry.leafHash());
        if (!StoredEntry.Columns.of(checked.entry()).equals(entry.columns())) {
            throw found(
                    expected,
                    "columns",
                    "the columns by which it is searched say %s, the entry itself %s"
                            .formatted(entry.columns(), StoredEntry.Columns.of(checked.entry())));
        }
        return checked.completed();
    }

    private void checkNodes(List<TreeFrontier.Subtree> completed) throws DamageFound {
        Map<NodeId, MerkleHash> stored =
                nodes.read(completed.stream().map(TreeFrontier.Subtree::node).collect(Collectors.toSet()));
        for (TreeFrontier.Subtree subtree : completed) {
            NodeId node = subtree.node();
            if (Optional.ofNullable(stored.get(node))
                    .filter(subtree.hash()::equals)
                    .isEmpty()) {
                throw found(
                        node.begin(),
                        "node",
                        "the stored hash over the entries %d to %d is missing or was changed, or one of them was changed together with its leaf hash"
                                .formatted(node.begin(), node.begin() + node.size() - 1));
            }
        }
    }

    private DamageFound found(long index, String part, String message) {
        return new DamageFound(new Damage(
                OptionalLong.empty(), OptionalLong.of(index), part, "log of %s: %s".formatted(tenant, message)));
    }
}
