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

    GatedConnector(SourceConnector connector, int batchesMax) {
        this.connector = connector;
        this.batchesMax = batchesMax;
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
        return connector.isBounded(table);
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
                return new GatedReader(source.open(split, position), batchesMax);
            }
        };
    }

    private static final class GatedReader implements SplitReader {
        private final SplitReader reader;
        private int batchesLeft;

        GatedReader(SplitReader reader, int batchesMax) {
            this.reader = reader;
            batchesLeft = batchesMax;
        }

        @Override
        public ReadStatus read(BatchBuilder into) {
            return batchesLeft-- > 0 ? reader.read(into) : ReadStatus.IDLE;
        }

        @Override
        public long position() {
            return reader.position();
        }

        @Override
        public void close() {
            reader.close();
        }
    }
}
