// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.cluster.member.NodeTls;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clusters of nodes that show each other certificates. */
@Tag("cluster")
@Timeout(60)
class NodeTlsTest {
    private static final String PASSWORD = "changeit";

    @TempDir
    static Path directory;

    private final List<ActorSystem<Void>> systems = new ArrayList<>();

    @BeforeAll
    static void makeCertificates() throws Exception {
        keytool("-genkeypair", "ours", "-dname", "CN=our authority", "-ext", "bc:c");
        keytool("-genkeypair", "node", "-dname", "CN=millrace");
        keytool("-certreq", "node", "-file", path("request"));
        keytool("-gencert", "ours", "-infile", path("request"), "-outfile", path("node.pem"), "-rfc");
        keytool("-genkeypair", "stranger", "-dname", "CN=millrace", "-ext", "bc:c");
        writePem("ours", false);
        writePem("node", true);
        writePem("stranger", false);
        writePem("stranger", true);
    }

    @AfterEach
    void endAll() throws Exception {
        systems.forEach(ActorSystem::terminate);
        for (ActorSystem<Void> system : systems) {
            system.getWhenTerminated().toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void shouldLetNobodyInWithoutACertificateOfTheSameAuthority() throws Exception {
        ActorSystem<Void> first = start(tls("node.pem", "node.key", "ours.pem"));
        join(first, first);
        // All of them try from now on, again and again; those that are refused have more time for it than the last one.
        ActorSystem<Void> stranger = start(tls("stranger.pem", "stranger.key", "stranger.pem"));
        ActorSystem<Void> borrowing = start(tls("stranger.pem", "stranger.key", "ours.pem"));
        ActorSystem<Void> plain = start(Map.of());
        join(stranger, first);
        join(borrowing, first);
        join(plain, first);
        ActorSystem<Void> second = start(tls("node.pem", "node.key", "ours.pem"));
        join(second, first);
        awaitUp(second);

        Set<Integer> members = new TreeSet<>();
        for (Member member : Cluster.get(first).state().getMembers()) {
            members.add(port(member.address()));
        }
        assertEquals(new TreeSet<>(List.of(port(first), port(second))), members);
        for (ActorSystem<Void> refused : List.of(stranger, borrowing, plain)) {
            assertTrue(Cluster.get(refused).selfMember().status() != MemberStatus.up());
        }
    }

    @Test
    void shouldSayAtTheStartWhatIsWrongWithTheFiles() throws Exception {
        assertRefused(Map.of("millrace.tls.certificate", path("node.pem")), "is missing");
        assertRefused(tls("node.pem", "nowhere.key", "ours.pem"), "nowhere.key can't be read");
        assertRefused(tls("node.key", "node.key", "ours.pem"), "can't be used");
        assertTrue(NodeTls.settings(TestSystems.config(Map.of())).isEmpty());
    }

    private static void assertRefused(Map<String, String> tls, String reason) {
        MillraceException e = assertThrows(MillraceException.class, () -> NodeTls.settings(TestSystems.config(tls)));
        assertEquals(ErrorCode.CONFIGURATION_INVALID, e.code());
        assertTrue(e.getMessage().contains(reason), e.getMessage());
    }

    private ActorSystem<Void> start(Map<String, String> tls) {
        Map<String, String> settings = new HashMap<>(tls);
        settings.put("pekko.cluster.retry-unsuccessful-join-after", "500ms");
        ActorSystem<Void> system = TestSystems.start(settings);
        systems.add(system);
        return system;
    }

    private static void join(ActorSystem<Void> system, ActorSystem<Void> to) {
        Cluster.get(system).manager().tell(new Join(Cluster.get(to).selfMember().address()));
    }

    private static void awaitUp(ActorSystem<Void> system) throws InterruptedException {
        while (Cluster.get(system).selfMember().status() != MemberStatus.up()) {
            Thread.sleep(20);
        }
    }

    private static int port(ActorSystem<Void> system) {
        return port(Cluster.get(system).selfMember().address());
    }

    private static int port(Address address) {
        return (int) address.port().get();
    }

    private static Map<String, String> tls(String certificate, String key, String ca) {
        return Map.of(
                "millrace.tls.certificate", path(certificate),
                "millrace.tls.key", path(key),
                "millrace.tls.ca", path(ca));
    }

    private static String path(String name) {
        return directory.resolve(name).toString();
    }

    private static void keytool(String command, String alias, String... more) throws Exception {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), command, "-alias", alias,
                "-keystore", path("keys.p12"), "-storetype", "PKCS12", "-storepass", PASSWORD, "-validity", "30"));
        if (command.equals("-genkeypair")) {
            line.addAll(List.of("-keyalg", "RSA", "-keysize", "2048"));
        }
        line.addAll(List.of(more));
        if (command.equals("-certreq")) {
            line.remove("-validity");
            line.remove("30");
        }
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), output);
    }

    /** Writes a certificate, or its key, to a file of its own. */
    private static void writePem(String alias, boolean key) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(directory.resolve("keys.p12"))) {
            store.load(in, PASSWORD.toCharArray());
        }
        byte[] bytes = key
                ? store.getKey(alias, PASSWORD.toCharArray()).getEncoded()
                : store.getCertificate(alias).getEncoded();
        String what = key ? "PRIVATE KEY" : "CERTIFICATE";
        Files.writeString(
                directory.resolve(alias + (key ? ".key" : ".pem")),
                "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder().encodeToString(bytes)
                        + "\n-----END " + what + "-----\n");
    }
}
