package dev.millrace.storage;

import java.net.URI;

/**
 * How an S3 service is reached. Immutable.
 *
 * @param address {@code http://} or {@code https://} with a host and perhaps a port, nothing behind them
 * @param region the region that requests are signed for; servers that have none take {@code us-east-1}
 * @param pathStyle whether the bucket stands in the path of an address, as most servers other than AWS want it, or in
 *     front of the host
 */
public record S3Endpoint(URI address, String region, boolean pathStyle) {
    public S3Endpoint {
        boolean http = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
        boolean bare = (address.getPath() == null
                        || address.getPath().isEmpty()
                        || address.getPath().equals("/"))
                && address.getQuery() == null
                && address.getUserInfo() == null;
        if (!http || address.getHost() == null || !bare) {
            throw new IllegalArgumentException(
                    "an S3 endpoint is http://host:port or https://host:port, not '" + address + "'");
        }
        if (region.isBlank()) {
            throw new IllegalArgumentException("the region of the S3 endpoint " + address + " is empty");
        }
    }

    /** Whether it is reached by TLS. */
    public boolean usesTls() {
        return "https".equals(address.getScheme());
    }

    /** Host and port as an HTTP request names them. */
    public String authority() {
        return address.getPort() < 0 ? address.getHost() : address.getHost() + ":" + address.getPort();
    }
}
