// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server;

import dev.millrace.connectors.workload.Gen;
import dev.millrace.engine.connector.Guarantee;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.Durations;
import dev.millrace.engine.plan.PreAggregation;
import dev.millrace.server.bench.Bench;
import dev.millrace.server.bench.BenchSettings;
import dev.millrace.server.bench.KafkaSettings;
import dev.millrace.server.bench.Workload;
import java.util.List;

/** {@code millrace bench}: measures a workload on the deployed path. */
final class BenchCommand implements Command {
    private static final long USUAL_ROWS = 20_000_000;
    private static final long RATE_MAX = 1_000_000_000;
    private static final long USUAL_RATE_MILLIS = 30_000;
    private static final long RATE_MILLIS_MAX = 86_400_000L * 30;
    private static final int PARTITIONS_MAX = 4096;
    private static final int CORES_MAX = 1024;
    /** That of a job that says nothing of it. */
    private static final String KAFKA_INTERVAL = "1s";

    @Override
    public Syntax syntax() {
        return new Syntax("bench", "Measures a workload on the whole path, source to sink, in this process.")
                .operand("WORKLOAD", "one of " + String.join(", ", Workload.ids()))
                .option("--rows", "N", "rows of input (20000000)")
                .option("--rate", "N", "rows a second by the clock, for latency: S2c, S2, S2M")
                .option("--duration", "DURATION", "how long at that rate, the first third to warm up (30 s)")
                .option("--skew", "PERCENT", "rows that have the first key, for all but S0 and K1; 0 unless given")
                .option("--pre-aggregation", "MODE", "auto (default), always or never")
                .option("--keys", "N", "groups, a multiple of 100 (5000; S2M: 1000000)")
                .option("--partitions", "N", "partitions of the job (four a core, at least 8)")
                .option("--cores", "N", "threads for partitions, and readers (all cores)")
                .flag("--affinity", "pins each of these threads to a CPU (Linux)")
                .option("--repeat", "N", "measured runs, after a warm-up of a quarter of the rows (1, without warm-up)")
                .option(
                        "--checkpoint-interval", "DURATION",
                        "checkpoints to files, such as 1s; none unless given; \"none,1s\" runs in turns")
                .flag("--verify", "computes the checksum in a simple way as well, and fails if it differs")
                .flag("--json", "one JSON object a run")
                .option("--bootstrap", "HOST:PORT", "K1: the Kafka broker")
                .option("--guarantee", "GUARANTEE", "K1: exactly-once (default) or at-least-once")
                .footer(
                        "",
                        "Time and CPU run from the first split opened to the last result. Latency runs from the moment at",
                        "which a row is due to the first result that counts it.",
                        "",
                        "examples:",
                        "  millrace bench S3a",
                        "  millrace bench S2c --rows 5000000 --cores 1 --repeat 3 --json",
                        "  millrace bench S2c --rate 100000 --duration 1min --checkpoint-interval 1s",
                        "",
                        "exit codes: 0 success, 1 failed or a wrong checksum, 2 wrong usage");
    }

    @Override
    public int run(Arguments arguments, Console console) {
        Workload workload = Workload.of(arguments.operand(0));
        int cores = (int) arguments.whole("--cores", Runtime.getRuntime().availableProcessors(), 1, CORES_MAX);
        int partitions = (int) arguments.whole("--partitions", Math.max(8, 4 * cores), 1, PARTITIONS_MAX);
        int keys = (int) arguments.whole("--keys", workload.usualKeys(), Gen.SYMBOLS, 100_000_000);
        if (keys % Gen.SYMBOLS != 0) {
            throw new MillraceException(
                    ErrorCode.USAGE, "--keys " + keys + " is not a multiple of " + Gen.SYMBOLS, null);
        }
        long rate = arguments.whole("--rate", 0, 1, RATE_MAX);
        long rows = arguments.whole("--rows", USUAL_ROWS, 1, Long.MAX_VALUE / 1000);
        BenchSettings settings = new BenchSettings(
                workload,
                rate == 0 ? rows : rowsAt(rate, workload, arguments),
                rate,
                keys,
                skew(workload, arguments),
                preAggregation(arguments),
                partitions,
                cores,
                arguments.has("--affinity"),
                (int) arguments.whole("--repeat", 0, 0, 1_000),
                intervals(workload, arguments),
                arguments.has("--verify"),
                arguments.has("--json"),
                kafka(workload, arguments));
        if (rate == 0 && arguments.text("--duration") != null) {
            throw new MillraceException(
                    ErrorCode.USAGE, "--duration goes with --rate", "give --rows, or --rate as well");
        }
        return new Bench(settings, console, WorkDirectory.of(null)).run();
    }

    private static int skew(Workload workload, Arguments arguments) {
        int skew = (int) arguments.whole("--skew", 0, 0, 100);
        if (skew > 0 && (workload == Workload.S0 || workload == Workload.K1)) {
            throw new MillraceException(
                    ErrorCode.USAGE, "workload " + workload.id() + " has no keys that --skew could favour", null);
        }
        return skew;
    }

    private static String preAggregation(Arguments arguments) {
        String given = arguments.text("--pre-aggregation");
        for (PreAggregation mode : PreAggregation.values()) {
            if (given == null && mode == PreAggregation.AUTO || mode.optionValue().equals(given)) {
                return mode.optionValue();
            }
        }
        throw new MillraceException(
                ErrorCode.USAGE, "--pre-aggregation \"" + given + "\" is not known", "auto, always or never");
    }

    private static List<String> intervals(Workload workload, Arguments arguments) {
        String given = arguments.text("--checkpoint-interval");
        if (given == null) {
            return List.of(workload == Workload.K1 ? KAFKA_INTERVAL : BenchSettings.NO_CHECKPOINTS);
        }
        List<String> intervals = List.of(given.split(","));
        if (workload == Workload.K1 && (intervals.size() > 1 || intervals.contains(BenchSettings.NO_CHECKPOINTS))) {
            throw new MillraceException(
                    ErrorCode.USAGE, "K1 has checkpoints always, and at one interval",
                    "give one duration: --checkpoint-interval " + KAFKA_INTERVAL);
        }
        return intervals;
    }

    private static KafkaSettings kafka(Workload workload, Arguments arguments) {
        String servers = arguments.text("--bootstrap");
        String guarantee = arguments.text("--guarantee");
        if (workload != Workload.K1) {
            if (servers != null || guarantee != null) {
                throw new MillraceException(
                        ErrorCode.USAGE, "--bootstrap and --guarantee go with workload K1", null);
            }
            return null;
        }
        if (servers == null) {
            throw new MillraceException(
                    ErrorCode.USAGE, "workload K1 needs a broker that has the topic orders",
                    "say where: --bootstrap localhost:19092; benchmarks/peers/README.md tells how to fill one");
        }
        if (arguments.text("--rows") != null) {
            throw new MillraceException(
                    ErrorCode.USAGE, "K1 reads all rows that its topic has", "leave out --rows");
        }
        for (Guarantee known : Guarantee.values()) {
            if (guarantee == null || known.optionValue().equals(guarantee)) {
                return new KafkaSettings(servers, known);
            }
        }
        throw new MillraceException(
                ErrorCode.USAGE, "--guarantee \"" + guarantee + "\" is not known", "exactly-once or at-least-once");
    }

    private static long rowsAt(long rate, Workload workload, Arguments arguments) {
        if (!workload.countsRows()) {
            throw new MillraceException(
                    ErrorCode.USAGE,
                    "workload " + workload.id() + " has no --rate: its results don't tell which rows they count",
                    "workloads with latency: S2c, S2, S2M");
        }
        if (arguments.text("--rows") != null) {
            throw new MillraceException(ErrorCode.USAGE, "--rows and --rate exclude each other", "give --duration");
        }
        String duration = arguments.text("--duration");
        long millis = duration == null ? USUAL_RATE_MILLIS : Durations.millis(duration).orElse(0);
        if (millis < 1 || millis > RATE_MILLIS_MAX) {
            throw new MillraceException(
                    ErrorCode.USAGE, "--duration \"" + duration + "\" is not a duration", "such as 30s or 10min");
        }
        return Math.max(1, rate * millis / 1_000);
    }
}
