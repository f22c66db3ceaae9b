package io.plumbline.platform.usage;

/**
 * How much of the day's tokens is left.
 *
 * @param limit tokens the tenant may use a day (UTC)
 * @param used tokens of today, those reserved by running requests included
 */
public record DailyQuota(long limit, long used) {
    public long left() {
        return Math.max(0, limit - used);
    }
}
