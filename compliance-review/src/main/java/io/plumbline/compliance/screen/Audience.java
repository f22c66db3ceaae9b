package io.plumbline.compliance.screen;

/** Who reads the answers of a deployment; set by the tenant, never by the prompt. */
public enum Audience {
    /** Patients, investors, operators. */
    PUBLIC,
    /** Clinicians, advisers, engineers. */
    PROFESSIONAL
}
