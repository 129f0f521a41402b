// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.context;

import dev.millrace.cluster.message.JobCommand;
import dev.millrace.cluster.message.JobId;
import dev.millrace.cluster.message.PartitionCommand;
import dev.millrace.cluster.message.ReaderCommand;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/** How jobs, readers and partitions are found, wherever they are. */
public final class Entities {
    /** Jobs, by their unique id. */
    public static final EntityTypeKey<JobCommand> JOB = EntityTypeKey.create(JobCommand.class, "job");

    /** Readers, by job, generation, stage, input and split. */
    public static final EntityTypeKey<ReaderCommand> READER = EntityTypeKey.create(ReaderCommand.class, "reader");

    /** Partitions, by job, generation, stage and index. */
    public static final EntityTypeKey<PartitionCommand> PARTITION =
            EntityTypeKey.create(PartitionCommand.class, "partition");

    private final ClusterSharding sharding;

    public Entities(ClusterSharding sharding) {
        this.sharding = sharding;
    }

    public EntityRef<JobCommand> job(JobId id) {
        return job(id.unique());
    }

    /** @param unique unique id of the job */
    public EntityRef<JobCommand> job(String unique) {
        return sharding.entityRefFor(JOB, unique);
    }

    /** @param input name of the input that the reader reads */
    public EntityRef<ReaderCommand> reader(JobId id, String input) {
        return sharding.entityRefFor(READER, id.reader(input));
    }

    public EntityRef<PartitionCommand> partition(JobId id, int stage, int index) {
        return sharding.entityRefFor(PARTITION, id.partition(stage, index));
    }
}
