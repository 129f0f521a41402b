// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import dev.millrace.checkpointing.StatePlace;
import dev.millrace.cluster.member.NodeAddress;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.error.NearestName;
import dev.millrace.planner.options.JobOptions;
import dev.millrace.server.access.AccessToken;
import dev.millrace.server.http.HttpSettings;
import dev.millrace.server.http.RequestGuard;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a server is told, by its command line first and its configuration file then.
 *
 * @param host the address of the cluster's messages
 * @param port the port of the cluster's messages, 0 for a free one
 * @param http where HTTP is answered, and to whom
 * @param state where jobs, tables and checkpoints are kept
 * @param threads threads for partitions and readers
 * @param affinity whether each of these threads is pinned to a CPU
 * @param seeds nodes by which the cluster is found; none for a node that begins one of its own
 * @param options options of jobs that say nothing else
 * @param overrides the whole file, for settings of the node
 */
record ServerSettings(
        String host, int port, HttpSettings http, StatePlace state, int threads, boolean affinity,
        List<NodeAddress> seeds, Map<String, String> options, Config overrides) {
    /** Where the state is unless somebody says otherwise. */
    static final String STATE = "millrace-state";

    private static final String HOST = "127.0.0.1";
    private static final int PORT = 25520;
    private static final int HTTP = 8080;
    private static final int PORT_MAX = 65535;
    private static final int THREADS_MAX = 1024;

    private static final List<String> KEYS = List.of("host", "port", "http-host", "http", "token-file",
            "metrics", "state", "threads", "affinity", "seeds", "options");
    private static final List<String> NODE_KEYS =
            List.of("dispatchers", "checkpointing", "epochs", "exchange", "restarts", "placement", "lanes", "tls");

    /** @throws MillraceException if the file can't be read, or says what nobody understands */
    static ServerSettings of(Arguments arguments) {
        Path file = arguments.path("--config");
        Config config = file == null ? ConfigFactory.empty() : read(file);
        Config own = config.hasPath("millrace") ? config.getConfig("millrace") : ConfigFactory.empty();
        try {
            own.root().keySet().forEach(key -> check(key, file));
            String host = text(arguments, "--host", own, "host", HOST);
            return new ServerSettings(
                    host,
                    port(arguments, "--port", own, "port", PORT),
                    http(arguments, own, file, host),
                    state(arguments, own),
                    threads(own, file),
                    affinity(own, file),
                    seeds(arguments, own, file),
                    options(own, file),
                    config);
        } catch (ConfigException e) {
            throw invalid(file, e.getMessage(), e);
        }
    }

    private static String text(Arguments arguments, String option, Config own, String key, String otherwise) {
        String given = arguments.text(option);
        return given != null ? given : own.hasPath(key) ? own.getString(key) : otherwise;
    }

    /** HTTP stays on loopback unless it is asked for elsewhere, whatever address the node has for others. */
    private static HttpSettings http(Arguments arguments, Config own, Path file, String host) {
        String loopback = RequestGuard.isLoopback(host) ? host : HOST;
        Path tokenFile = arguments.path("--token-file");
        if (tokenFile == null && own.hasPath("token-file")) {
            tokenFile = Path.of(own.getString("token-file"));
        }
        return new HttpSettings(
                text(arguments, "--http-host", own, "http-host", loopback),
                port(arguments, "--http", own, "http", HTTP),
                AccessToken.find(tokenFile, System.getenv()),
                openMetrics(own, file));
    }

    private static boolean openMetrics(Config own, Path file) {
        String metrics = own.hasPath("metrics") ? own.getString("metrics") : "token";
        return switch (metrics) {
            case "open" -> true;
            case "token" -> false;
            default -> throw invalid(
                    file, "metrics is \"" + metrics + "\"",
                    "give token, to ask for it as elsewhere, or open, to show them to anybody", null);
        };
    }

    /** What the log file is called: nodes that share a state have one each. */
    String logName() {
        return seeds.isEmpty() ? "millrace" : "millrace-" + nodeName();
    }

    /** Where bad records go; nodes that share a state don't write to the same files. */
    Path deadLetterDirectory() {
        Path all = WorkDirectory.of(state.directory()).resolve("dead-letters");
        return seeds.isEmpty() ? all : all.resolve(nodeName());
    }

    private String nodeName() {
        return host.replaceAll("[^A-Za-z0-9.-]", "_") + "-" + port;
    }

    private static StatePlace state(Arguments arguments, Config own) {
        if (arguments.text("--state") != null) {
            return arguments.state();
        }
        return StatePlace.of(own.hasPath("state") ? own.getString("state") : STATE, System.getenv());
    }

    private static Config read(Path file) {
        if (!Files.isReadable(file)) {
            throw invalid(file, "it can't be read", null);
        }
        try {
            return ConfigFactory.parseFile(file.toFile()).resolve();
        } catch (ConfigException e) {
            throw invalid(file, e.getMessage(), e);
        }
    }

    private static void check(String key, Path file) {
        if (!KEYS.contains(key) && !NODE_KEYS.contains(key)) {
            throw new MillraceException(
                    ErrorCode.CONFIGURATION_INVALID,
                    "configuration file " + file + ": \"millrace." + key + "\" is not known",
                    NearestName.hint(key, KEYS, "keys"));
        }
    }

    private static int port(Arguments arguments, String option, Config own, String key, int otherwise) {
        long ofFile = own.hasPath(key) ? own.getLong(key) : otherwise;
        return (int) arguments.whole(option, ofFile, 0, PORT_MAX);
    }

    private static int threads(Config own, Path file) {
        if (!own.hasPath("threads")) {
            return Runtime.getRuntime().availableProcessors();
        }
        int threads = own.getInt("threads");
        if (threads < 1 || threads > THREADS_MAX) {
            throw invalid(file, "threads is " + threads, "give 1 to " + THREADS_MAX + ", or leave it out", null);
        }
        return threads;
    }

    /** By the command line, else by the file: a list, or a text with commas. */
    private static List<NodeAddress> seeds(Arguments arguments, Config own, Path file) {
        List<String> texts = arguments.texts("--seed");
        boolean ofFile = texts.isEmpty() && own.hasPath("seeds");
        if (ofFile) {
            texts = own.getValue("seeds").valueType() == ConfigValueType.LIST
                    ? own.getStringList("seeds")
                    : List.of(own.getString("seeds"));
        }
        try {
            return texts.stream()
                    .flatMap(text -> Stream.of(text.split(",")))
                    .map(String::strip)
                    .filter(text -> !text.isEmpty())
                    .map(NodeAddress::parse)
                    .distinct()
                    .toList();
        } catch (MillraceException e) {
            throw ofFile ? invalid(file, "seeds: " + e.getMessage(), e.hint(), e) : e;
        }
    }

    private static boolean affinity(Config own, Path file) {
        String affinity = own.hasPath("affinity") ? own.getString("affinity") : "off";
        return switch (affinity) {
            case "on", "true" -> true;
            case "off", "false" -> false;
            default -> throw invalid(
                    file, "affinity is \"" + affinity + "\"", "give on, to pin each thread to a CPU, or off", null);
        };
    }

    private static Map<String, String> options(Config own, Path file) {
        Map<String, String> options = new TreeMap<>();
        if (!own.hasPath("options")) {
            return options;
        }
        JobOptions known = new JobOptions();
        for (Map.Entry<String, ConfigValue> entry : own.getConfig("options").entrySet()) {
            String key = String.join(".", ConfigUtil.splitPath(entry.getKey()));
            String value = String.valueOf(entry.getValue().unwrapped());
            try {
                known.set(key, null, value, null);
            } catch (MillraceException e) {
                throw new MillraceException(
                        ErrorCode.CONFIGURATION_INVALID,
                        "configuration file " + file + ": " + e.getMessage(), null, e.hint(), e);
            }
            options.put(key, value);
        }
        return options;
    }

    private static MillraceException invalid(Path file, String reason, Exception cause) {
        return invalid(file, reason, "see docs/reference/options.md for what stands in it", cause);
    }

    private static MillraceException invalid(Path file, String reason, String hint, Exception cause) {
        return new MillraceException(
                ErrorCode.CONFIGURATION_INVALID, "configuration file " + file + ": " + reason, null, hint, cause);
    }
}
