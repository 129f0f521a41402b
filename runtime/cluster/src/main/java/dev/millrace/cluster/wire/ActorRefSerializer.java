// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.wire;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.function.Supplier;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;

/** A reference to an actor, as its address. */
@SuppressWarnings("rawtypes")
final class ActorRefSerializer extends Serializer<ActorRef> {
    private final Supplier<ExtendedActorSystem> system;

    /** @param system asked only when there is a reference: events, which hold none, are also read without a system */
    ActorRefSerializer(Supplier<ExtendedActorSystem> system) {
        this.system = system;
    }

    /** Looked up late, because serializers are made while the system is. */
    private ActorRefResolver resolver() {
        return ActorRefResolver.get(Adapter.toTyped(system.get()));
    }

    @Override
    @SuppressWarnings("unchecked")
    public void write(Kryo kryo, Output output, ActorRef ref) {
        output.writeString(resolver().toSerializationFormat(ref));
    }

    @Override
    public ActorRef read(Kryo kryo, Input input, Class<? extends ActorRef> type) {
        return resolver().resolveActorRef(input.readString());
    }
}
