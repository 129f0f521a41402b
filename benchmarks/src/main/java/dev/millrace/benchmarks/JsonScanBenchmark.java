// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.benchmarks;

import dev.millrace.connectors.format.RecordDecoder;
import dev.millrace.connectors.format.RecordErrors;
import dev.millrace.connectors.format.json.JsonFormat;
import dev.millrace.connectors.text.JsonRowFormat;
import dev.millrace.connectors.text.TextBuffer;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchArena;
import dev.millrace.engine.batch.BatchBuilder;
import dev.millrace.engine.plan.SourceInput;
import dev.millrace.engine.plan.TableDefinition;
import dev.millrace.engine.type.Schema;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Nanoseconds a record of five fields: all of them decoded, or one. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class JsonScanBenchmark {
    private static final RecordErrors NONE = (data, from, to, code, reason) -> {
        throw new IllegalStateException(reason);
    };

    private final BatchArena arena = new BatchArena();
    private Schema schema;
    private Schema price;
    private RecordDecoder allFields;
    private RecordDecoder oneField;
    private byte[] data;
    private int length;

    @Setup
    public void setUp() {
        SourceInput input =
                (SourceInput) Inputs.stage("SELECT * FROM market", 5_000).inputs().getFirst();
        schema = input.decoded();
        price = schema.select(new int[] {Inputs.PRICE});
        Batch batch = Inputs.batches(input, 1).getFirst();
        JsonRowFormat format = new JsonRowFormat(schema);
        TextBuffer text = new TextBuffer();
        for (int row = 0; row < batch.size(); row++) {
            format.append(batch, row, text);
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        length = bytes.length;
        data = Arrays.copyOf(bytes, length + RecordDecoder.PADDING);
        data[length] = '\n';
        TableDefinition table = new TableDefinition("records", schema, List.of(), Map.of("format", "json"));
        List<Integer> all =
                IntStream.range(0, schema.columns().size()).boxed().toList();
        allFields = new JsonFormat().newDecoder(table, all, length);
        oneField = new JsonFormat().newDecoder(table, List.of(Inputs.PRICE), length);
    }

    @Benchmark
    @OperationsPerInvocation(Batch.ROWS)
    public Batch allFields() {
        return decode(allFields, schema);
    }

    @Benchmark
    @OperationsPerInvocation(Batch.ROWS)
    public Batch oneField() {
        return decode(oneField, price);
    }

    private Batch decode(RecordDecoder decoder, Schema columns) {
        arena.reset();
        BatchBuilder into = new BatchBuilder(columns, Batch.ROWS, arena);
        decoder.decode(data, 0, length, true, 0, into, NONE);
        return into.build();
    }
}
