// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package peers.flink;

import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.sink.SinkV2Provider;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.connector.source.SourceProvider;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.factories.FactoryUtil;

/** The table connector "gen": as a source it is {@link GenSource}, as a sink {@link CheckSink}. */
public final class GenTables implements DynamicTableSourceFactory, DynamicTableSinkFactory {
    private static final ConfigOption<String> WORKLOAD = ConfigOptions.key("workload").stringType().noDefaultValue();
    private static final ConfigOption<Long> RECORDS = ConfigOptions.key("records").longType().defaultValue(0L);
    private static final ConfigOption<Long> RATE = ConfigOptions.key("rate").longType().defaultValue(0L);

    @Override
    public String factoryIdentifier() {
        return "gen";
    }

    @Override
    public Set<ConfigOption<?>> requiredOptions() {
        return Set.of(WORKLOAD);
    }

    @Override
    public Set<ConfigOption<?>> optionalOptions() {
        return Set.of(RECORDS, RATE);
    }

    @Override
    public DynamicTableSource createDynamicTableSource(Context context) {
        var options = FactoryUtil.createTableFactoryHelper(this, context).getOptions();
        return new Input(options.get(WORKLOAD), options.get(RECORDS), options.get(RATE));
    }

    @Override
    public DynamicTableSink createDynamicTableSink(Context context) {
        boolean keyed = context.getCatalogTable().getResolvedSchema().getPrimaryKey().isPresent();
        var options = FactoryUtil.createTableFactoryHelper(this, context).getOptions();
        return new Output(new CheckSink(options.get(WORKLOAD), options.get(RECORDS), options.get(RATE)), keyed);
    }

    private static final class Input implements ScanTableSource {
        private final String workload;
        private final long records;
        private final long rate;

        Input(String workload, long records, long rate) {
            this.workload = workload;
            this.records = records;
            this.rate = rate;
        }

        @Override
        public ChangelogMode getChangelogMode() {
            return ChangelogMode.insertOnly();
        }

        @Override
        public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
            return SourceProvider.of(new GenSource(workload, records, rate));
        }

        @Override
        public DynamicTableSource copy() {
            return new Input(workload, records, rate);
        }

        @Override
        public String asSummaryString() {
            return "gen";
        }
    }

    private static final class Output implements DynamicTableSink {
        private final CheckSink sink;
        private final boolean keyed;

        Output(CheckSink sink, boolean keyed) {
            this.sink = sink;
            this.keyed = keyed;
        }

        @Override
        public ChangelogMode getChangelogMode(ChangelogMode requested) {
            return keyed ? ChangelogMode.upsert() : ChangelogMode.insertOnly();
        }

        @Override
        public SinkRuntimeProvider getSinkRuntimeProvider(Context context) {
            return SinkV2Provider.of(sink);
        }

        @Override
        public DynamicTableSink copy() {
            return new Output(sink, keyed);
        }

        @Override
        public String asSummaryString() {
            return "check";
        }
    }
}
