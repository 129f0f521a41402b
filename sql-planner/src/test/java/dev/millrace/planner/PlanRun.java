// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchArena;
import dev.millrace.engine.batch.BooleanVector;
import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.DecimalVector;
import dev.millrace.engine.batch.DoubleVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.RowErrors;
import dev.millrace.engine.batch.RowKind;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.hash.HashRanges;
import dev.millrace.engine.hash.KeyHasher;
import dev.millrace.engine.operator.Coalesce;
import dev.millrace.engine.operator.Pipeline;
import dev.millrace.engine.operator.PipelineOptions;
import dev.millrace.engine.operator.RowSteps;
import dev.millrace.engine.operator.StateTransfer;
import dev.millrace.engine.plan.JobPlan;
import dev.millrace.engine.plan.SourceInput;
import dev.millrace.engine.plan.Stage;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import dev.millrace.engine.upgrade.Upgrade;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Runs the only stage of a plan on some partitions, without actors: rows in, results out as text. */
final class PlanRun {
    /** A row of a table: its columns in order, and whether it deletes its key. */
    record Row(List<Object> values, boolean deletes) {}

    private final JobPlan plan;
    private final Stage stage;
    private final PipelineOptions options;
    private final List<Pipeline> partitions = new ArrayList<>();
    private final List<List<List<byte[]>>> portions = new ArrayList<>();
    private final List<String> results = new ArrayList<>();
    private long position;

    PlanRun(JobPlan plan) {
        this.plan = plan;
        stage = plan.stages().getFirst();
        options = options(plan);
        for (int i = 0; i < stage.partitions(); i++) {
            partitions.add(Pipeline.of(
                    stage.inputs().getFirst().sent(), stage.steps(),
                    options.withHashedColumns(stage.inputs().getFirst().exchange().keys()).withPartition(i)));
            portions.add(new ArrayList<>());
        }
    }

    private static PipelineOptions options(JobPlan plan) {
        return PipelineOptions.DEFAULT.withCoalesce(switch (plan.options().getOrDefault("emit.coalesce", "none")) {
            case "none" -> Coalesce.NONE;
            case "batch" -> Coalesce.BATCH;
            default -> Coalesce.INTERVAL;
        });
    }

    /** Sends rows of a table, all by the same input. */
    void send(int number, List<Row> rows) {
        SourceInput input = (SourceInput) stage.inputs().get(number);
        Vector[] columns = new Vector[input.columns().size()];
        byte[] kinds = new byte[rows.size()];
        long[] positions = new long[rows.size()];
        boolean changing = rows.stream().anyMatch(Row::deletes);
        for (int c = 0; c < columns.length; c++) {
            int column = input.columns().get(c);
            columns[c] = Vector.create(input.table().schema().type(column).storage(), Math.max(1, rows.size()));
            for (int row = 0; row < rows.size(); row++) {
                set(columns[c], row, rows.get(row).values().get(column));
            }
        }
        for (int row = 0; row < rows.size(); row++) {
            positions[row] = position++;
            kinds[row] = (rows.get(row).deletes() ? RowKind.DELETE : RowKind.INSERT).code();
        }
        Batch batch = new Batch(
                columns, rows.size(), null, rows.size(), positions, changing ? kinds : null, null, null);
        Batch sent = RowSteps.of(input.steps()).apply(batch, new BatchArena(), new RowErrors());
        long[] hashes = new long[sent.rowCount()];
        new KeyHasher(input.exchange().keys()).hash(sent, hashes);
        for (int partition = 0; partition < partitions.size(); partition++) {
            int[] selection = new int[sent.size()];
            int count = 0;
            for (int i = 0; i < sent.size(); i++) {
                if (HashRanges.partition(hashes[sent.row(i)], partitions.size()) == partition) {
                    selection[count++] = sent.row(i);
                }
            }
            if (count > 0) {
                Pipeline pipeline = partitions.get(partition);
                drain(pipeline);
                pipeline.from("input/" + number);
                pipeline.add(new Batch(
                        sent.columns(), sent.rowCount(), selection, count, sent.positions(), sent.kinds(), hashes,
                        null));
                drain(pipeline);
            }
        }
    }

    /** Tells the time by which state gets old. */
    void clock(long millis) {
        partitions.forEach(pipeline -> pipeline.clock(millis));
    }

    void advanceTo(long watermark) {
        for (Pipeline pipeline : partitions) {
            drain(pipeline);
            pipeline.advanceTo(watermark);
            drain(pipeline);
        }
    }

    private void drain(Pipeline pipeline) {
        for (Batch batch = pipeline.poll(); batch != null; batch = pipeline.poll()) {
            for (int i = 0; i < batch.size(); i++) {
                List<Object> values = new ArrayList<>();
                for (Vector column : batch.columns()) {
                    values.add(get(column, batch.row(i)));
                }
                results.add(batch.kind(batch.row(i)).symbol() + values);
            }
        }
    }

    /** The results since this was asked, in any order. */
    List<String> takeResults() {
        List<String> taken = results.stream().sorted().toList();
        results.clear();
        return taken;
    }

    /**
     * Ends an epoch.
     *
     * @param slice bytes of what has not changed that its portion may hold
     */
    void endEpoch(long slice) {
        for (int i = 0; i < partitions.size(); i++) {
            StateWriter out = new StateWriter();
            partitions.get(i).savePortion(out, portions.get(i).isEmpty(), slice);
            portions.get(i).add(out.finish());
        }
    }

    /** Goes on with another plan, from a savepoint of this one. */
    PlanRun upgrade(JobPlan after) {
        for (Pipeline pipeline : partitions) {
            pipeline.showChanges();
            drain(pipeline);
        }
        endEpoch(Long.MAX_VALUE);
        Upgrade upgrade = Upgrade.of(plan, after);
        PlanRun next = new PlanRun(after);
        StateTransfer transfer = new StateTransfer(
                stage, options, next.stage, next.options, upgrade.stages().getFirst(), name -> name);
        for (List<List<byte[]>> ofPartition : portions) {
            transfer.take(ofPartition.stream().map(StateReader::new).toList());
        }
        List<List<byte[]>> images = transfer.finish();
        for (int i = 0; i < images.size(); i++) {
            next.partitions.get(i).restorePortion(new StateReader(images.get(i)));
            next.partitions.get(i).restored();
        }
        next.results.addAll(results);
        next.position = position;
        return next;
    }

    long lateRows() {
        return partitions.stream().mapToLong(pipeline -> pipeline.metrics().rowsOfClosedWindows()).sum();
    }

    private static void set(Vector column, int row, Object value) {
        if (value == null) {
            column.setNull(row);
            return;
        }
        switch (column) {
            case LongVector v -> v.set(row, (Long) value);
            case DoubleVector v -> v.set(row, (Double) value);
            case BooleanVector v -> v.set(row, (Boolean) value);
            case DecimalVector v -> v.set(row, (Long) value >> 63, (Long) value);
            case BytesVector v -> v.append(row, (String) value);
        }
    }

    private static Object get(Vector column, int row) {
        if (column.isNull(row)) {
            return null;
        }
        return switch (column) {
            case LongVector v -> v.get(row);
            case DoubleVector v -> v.get(row);
            case BooleanVector v -> v.get(row);
            case DecimalVector v -> new BigDecimal(BigInteger.valueOf(v.high()[row]).shiftLeft(64)
                    .add(new BigInteger(Long.toUnsignedString(v.low()[row]))));
            case BytesVector v -> v.getString(row);
        };
    }
}
