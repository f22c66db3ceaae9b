package io.plumbline.platform.usage;

/** What an entry of the ledger says about its request. */
enum EntryKind {
    /** It may use up to so many tokens. */
    RESERVED,
    /** It used so many; terminal. */
    SETTLED,
    /** It used none that count: refused, or the process ended before it settled; terminal. */
    RELEASED
}
