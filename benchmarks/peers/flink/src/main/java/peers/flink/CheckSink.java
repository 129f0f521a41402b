// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package peers.flink;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.binary.BinaryStringData;
import peers.gen.Check;
import peers.gen.Gen;
import peers.gen.Meter;
import peers.gen.Nexmark;

/**
 * Discards rows, after counting them and adding them to the checksum. For upserts it keeps the hash of the last
 * row of each key in an array, so the checksum is that of the final table whatever was emitted on the way.
 */
public final class CheckSink implements Sink<RowData> {
    /** For L: latency in microseconds of record i, from its due time to the first row that counts it. */
    static volatile int[] latency;
    /** When the sinks of the running job took their first row. */
    static final AtomicLong FIRST_ROW = new AtomicLong();

    private final String workload;
    private final long records;
    private final long rate;

    public CheckSink(String workload, long records, long rate) {
        this.workload = workload;
        this.records = records;
        this.rate = rate;
    }

    @Override
    public SinkWriter<RowData> createWriter(WriterInitContext context) {
        return new Writer(workload, records, rate);
    }

    private static final class Writer implements SinkWriter<RowData> {
        private final String workload;
        private final Gen gen;
        private final int symbols;
        private long rows;
        private long sum;
        private long[] table = new long[0];

        private final double nanosPerRecord;
        private int[][] occurrences;
        private int[] seen;

        Writer(String workload, long records, long rate) {
            this.workload = workload;
            nanosPerRecord = 1e9 / rate;
            this.gen = Gen.of(workload);
            this.symbols = gen.symbols;
            if (workload.startsWith("S2") || workload.equals("R"))
                table = new long[gen.keys];
            if (workload.equals("L"))
                occurrences((int) records);
        }

        /** Which records have which key, so that a row's count tells which records it is the first to include. */
        private void occurrences(int records) {
            occurrences = new int[gen.keys][16];
            seen = new int[gen.keys];
            int[] n = new int[gen.keys];
            for (int i = 0; i < records; i++) {
                int k = gen.key(gen.hash(i));
                if (n[k] == occurrences[k].length)
                    occurrences[k] = Arrays.copyOf(occurrences[k], n[k] * 2);
                occurrences[k][n[k]++] = i;
            }
        }

        @Override
        public void write(RowData r, Context context) {
            if (rows++ == 0)
                FIRST_ROW.compareAndSet(0, System.nanoTime());
            switch (workload) {
                case "S0" :
                    sum += Check.select(r.getLong(0), r.getLong(1), r.getDouble(2));
                    break;
                case "S1" :
                    sum += Check.over(r.getTimestamp(0, 3).getMillisecond(), number(r.getString(1), 3), r.getDouble(2),
                            r.getDouble(3));
                    break;
                case "S2" :
                case "S2M" :
                case "R" : {
                    int k = number(r.getString(0), 6) * symbols + number(r.getString(1), 3);
                    table[k] = Check.agg(k, r.getLong(2), r.getDouble(3), r.getLong(4), r.getDouble(5));
                    break;
                }
                case "S3a" :
                    sum += Check.agg(group(r), r.getLong(3), r.getDouble(4), r.getLong(5), r.getDouble(6));
                    break;
                case "S3b" : {
                    int k = (int) group(r);
                    if (k >= table.length)
                        table = Arrays.copyOf(table, Math.max(k + 1, table.length * 2));
                    table[k] = Check.agg(k, r.getLong(3), r.getDouble(4), r.getLong(5), r.getDouble(6));
                    break;
                }
                case "L" : {
                    int k = number(r.getString(0), 6) * symbols + number(r.getString(1), 3);
                    long now = System.nanoTime() - Meter.current.begin();
                    for (int n = (int) r.getLong(2); seen[k] < n; seen[k]++) {
                        int i = occurrences[k][seen[k]];
                        latency[i] = (int) ((now - i * nanosPerRecord) / 1000);
                    }
                    break;
                }
                case "q1" :
                    sum += Nexmark.q1(r.getLong(0), r.getLong(1), r.getDouble(2),
                            r.getTimestamp(3, 3).getMillisecond());
                    break;
                case "q2" :
                    sum += Nexmark.q2(r.getLong(0), r.getLong(1));
                    break;
                case "q5" :
                    sum += Nexmark.q5(r.getLong(0), r.getLong(1));
                    break;
                case "q7" :
                    sum += Nexmark.q7(r.getLong(0), r.getLong(1), r.getLong(2), r.getTimestamp(3, 3).getMillisecond());
                    break;
                case "q8" :
                    sum += Nexmark.q8(r.getLong(0), r.getString(1).toString(), r.getTimestamp(2, 3).getMillisecond());
                    break;
                default :
                    break;
            }
        }

        private long group(RowData r) {
            long window = (r.getTimestamp(0, 3).getMillisecond() - Gen.BASE_TS) / Gen.MINUTE;
            return window * gen.keys + number(r.getString(1), 6) * symbols + number(r.getString(2), 3);
        }

        private static int number(StringData s, int from) {
            BinaryStringData b = (BinaryStringData) s;
            int n = 0;
            for (int i = from, end = b.getSizeInBytes(); i < end; i++)
                n = n * 10 + b.byteAt(i) - '0';
            return n;
        }

        @Override
        public void flush(boolean endOfInput) {
            if (!endOfInput)
                return;
            Meter m = Meter.current;
            for (long h : table)
                sum += h;
            m.rows.addAndGet(rows);
            m.sum.addAndGet(sum);
            m.end();
        }

        @Override
        public void close() {}
    }
}
