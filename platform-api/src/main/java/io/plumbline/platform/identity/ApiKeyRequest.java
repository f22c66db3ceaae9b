package io.plumbline.platform.identity;

import io.quarkus.security.identity.request.BaseAuthenticationRequest;

/** A request to authenticate the holder of an API key. */
final class ApiKeyRequest extends BaseAuthenticationRequest {
    private final String text;

    ApiKeyRequest(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }
}
