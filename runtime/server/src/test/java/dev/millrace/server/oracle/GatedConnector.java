// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.oracle;

import dev.millrace.engine.batch.BatchBuilder;
import dev.millrace.engine.connector.ReadStatus;
import dev.millrace.engine.connector.Source;
import dev.millrace.engine.connector.SourceConnector;
import dev.millrace.engine.connector.Split;
import dev.millrace.engine.connector.SplitReader;
import dev.millrace.engine.plan.TableDefinition;
import java.util.List;

/** A source whose readers stand still after so many batches, as if there were nothing more for now. */
final class GatedConnector implements SourceConnector {
    private final SourceConnector connector;
    private final int batchesMax;
    private final int rowsMax;
    private boolean endless;

    GatedConnector(SourceConnector connector, int batchesMax) {
        this(connector, batchesMax, Integer.MAX_VALUE);
    }

    /** @param rowsMax most rows of a reader, behind which it stands still */
    GatedConnector(SourceConnector connector, int batchesMax, int rowsMax) {
        this.connector = connector;
        this.batchesMax = batchesMax;
        this.rowsMax = rowsMax;
    }

    /** The same, of which a query does not know that it ends. */
    GatedConnector endless() {
        endless = true;
        return this;
    }

    @Override
    public String name() {
        return connector.name();
    }

    @Override
    public void validateSource(TableDefinition table) {
        connector.validateSource(table);
    }

    @Override
    public boolean isBounded(TableDefinition table) {
        return !endless && connector.isBounded(table);
    }

    @Override
    public boolean readsUpserts() {
        return connector.readsUpserts();
    }

    @Override
    public Source openSource(TableDefinition table, List<Integer> columns) {
        Source source = connector.openSource(table, columns);
        return new Source() {
            @Override
            public List<Split> resolveSplits() {
                return source.resolveSplits();
            }

            @Override
            public SplitReader open(Split split, long position) {
                return new GatedReader(source.open(split, position), batchesMax, rowsMax);
            }
        };
    }

    private static final class GatedReader implements SplitReader {
        private final SplitReader reader;
        private int batchesLeft;
        private int rowsLeft;
        private long stoppedAt = -1;

        GatedReader(SplitReader reader, int batchesMax, int rowsMax) {
            this.reader = reader;
            batchesLeft = batchesMax;
            rowsLeft = rowsMax;
        }

        @Override
        public ReadStatus read(BatchBuilder into) {
            if (batchesLeft == 0) {
                return ReadStatus.IDLE;
            }
            ReadStatus status = reader.read(into);
            batchesLeft -= into.rows() > 0 ? 1 : 0;
            if (into.rows() > rowsLeft) {
                stoppedAt = into.positions()[rowsLeft];
                into.truncate(rowsLeft);
                batchesLeft = 0;
                return ReadStatus.IDLE;
            }
            rowsLeft -= into.rows();
            return status;
        }

        @Override
        public long position() {
            return stoppedAt < 0 ? reader.position() : stoppedAt;
        }

        @Override
        public void close() {
            reader.close();
        }
    }
}
