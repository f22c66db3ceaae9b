package io.plumbline.compliance.audit;

/** Ends a verification: behind damage nothing can be relied on. */
public final class DamageFound extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Damage damage;

    public DamageFound(Damage damage) {
        super(damage.toString());
        this.damage = damage;
    }

    public Damage damage() {
        return damage;
    }
}
