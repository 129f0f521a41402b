// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.serializers.ImmutableSerializer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;

/** Found as a service by the serializer under test. */
public final class SampleRegistrations implements KryoRegistrations {
    @Override
    public void register(KryoRegistrar registrar) {
        registrar.add(3000, Sample.Leaf.class).add(3001, Sample.Node.class).add(3002, Sample.Values.class)
                .add(3003, Sample.Colour.class).add(3004, Sample.Ask.class)
                .addFamily(3005, ActorRef.class, new References(registrar));
    }

    private static final class References extends ImmutableSerializer<ActorRef<?>> {
        private final KryoRegistrar registrar;

        References(KryoRegistrar registrar) {
            this.registrar = registrar;
        }

        @Override
        public void write(Kryo kryo, Output output, ActorRef<?> ref) {
            output.writeString(resolver().toSerializationFormat(ref));
        }

        @Override
        public ActorRef<?> read(Kryo kryo, Input input, Class<? extends ActorRef<?>> type) {
            return resolver().resolveActorRef(input.readString());
        }

        private ActorRefResolver resolver() {
            return ActorRefResolver.get(Adapter.toTyped(registrar.actorSystem()));
        }
    }
}
