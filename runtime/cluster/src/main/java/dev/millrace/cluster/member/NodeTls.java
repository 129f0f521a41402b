// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.member;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.pekko.event.NoMarkerLogging$;
import org.apache.pekko.remote.artery.tcp.ssl.RotatingKeysSSLEngineProvider;

/**
 * Encryption between nodes, where {@code millrace.tls} of the node's settings names a certificate. Each of two nodes asks
 * for the other's certificate, which must come from the same authority and share a name with its own; who has none is not
 * talked to. The files are read again every few minutes, so they can be replaced while the node runs.
 */
public final class NodeTls {
    private static final String SECTION = "millrace.tls";
    private static final String ENGINE = "pekko.remote.artery.ssl.rotating-keys-engine";
    /** By name of the setting the name of Pekko's. */
    private static final Map<String, String> FILES =
            Map.of("certificate", "cert-file", "key", "key-file", "ca", "ca-cert-file");

    private NodeTls() {}

    /**
     * The settings of Pekko's that follow.
     *
     * @throws MillraceException if the files can't be used ({@link ErrorCode#CONFIGURATION_INVALID})
     */
    public static Config settings(Config config) {
        Config tls = config.getConfig(SECTION);
        if (FILES.keySet().stream().allMatch(name -> tls.getString(name).isEmpty())) {
            return ConfigFactory.empty();
        }
        Map<String, Object> settings = new HashMap<>(Map.of(
                "pekko.remote.artery.transport", "tls-tcp",
                "pekko.remote.artery.ssl.ssl-engine-provider", RotatingKeysSSLEngineProvider.class.getName()));
        FILES.forEach((name, pekkoName) -> settings.put(ENGINE + "." + pekkoName, file(tls, name)));
        Config result = ConfigFactory.parseMap(settings);
        try {
            // Now, and not when the first node calls: by then nobody looks.
            new RotatingKeysSSLEngineProvider(
                    result.withFallback(config).getConfig(ENGINE), NoMarkerLogging$.MODULE$).getSSLContext();
        } catch (Exception e) {
            // Scala throws what Java would have declared.
            String reason = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
            throw new MillraceException(
                    ErrorCode.CONFIGURATION_INVALID, SECTION + ": the certificate and its key can't be used: " + reason,
                    null, "give PEM files: a certificate, its RSA key (PKCS #8 or #1, without a password), and the "
                            + "certificate of the authority that signed it",
                    e);
        }
        return result;
    }

    private static String file(Config tls, String name) {
        Path file = Path.of(tls.getString(name)).toAbsolutePath();
        if (tls.getString(name).isEmpty() || !Files.isReadable(file)) {
            throw new MillraceException(
                    ErrorCode.CONFIGURATION_INVALID,
                    SECTION + "." + name + (tls.getString(name).isEmpty() ? " is missing" : ": " + file
                            + " can't be read"),
                    "give certificate, key and ca, all three, or none of them");
        }
        return file.toString();
    }
}
