// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.placement;

import dev.millrace.cluster.message.JobId;
import org.apache.pekko.cluster.sharding.typed.ShardingEnvelope;
import org.apache.pekko.cluster.sharding.typed.ShardingMessageExtractor;

/**
 * Gives every entity of a named job a shard of its own, so that they are spread exactly evenly and moved one by one.
 * Those of interactive queries share a fixed number of shards, since a shard, once made, is remembered for ever.
 */
public final class OneShardEach<M> extends ShardingMessageExtractor<ShardingEnvelope<M>, M> {
    private static final int QUERY_SHARDS = 64;

    @Override
    public String entityId(ShardingEnvelope<M> envelope) {
        return envelope.entityId();
    }

    @Override
    public String shardId(String entityId) {
        return entityId.startsWith(JobId.NAMELESS)
                ? JobId.NAMELESS + "-" + Math.floorMod(entityId.hashCode(), QUERY_SHARDS)
                : entityId;
    }

    @Override
    public M unwrapMessage(ShardingEnvelope<M> envelope) {
        return envelope.message();
    }
}
