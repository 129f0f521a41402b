// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.typesafe.config.ConfigFactory;
import java.io.NotSerializableException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializer;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class KryoSerializerTest {
    private static ActorSystem system;
    private static Serialization serialization;

    @BeforeAll
    static void start() {
        system = ActorSystem.create("test", ConfigFactory.parseString("""
                pekko.loglevel = OFF
                pekko.stdout-loglevel = OFF
                pekko.actor.serialization-bindings {
                  "dev.millrace.checkpointing.codec.Sample" = millrace-kryo
                }
                """).withFallback(ConfigFactory.load()));
        serialization = SerializationExtension.get(system);
    }

    @AfterAll
    static void stop() {
        TestKit.shutdownActorSystem(system);
    }

    @Test
    void shouldBeBoundByASupertypeAndFindRegistrationsAsAService() {
        Sample leaf = new Sample.Leaf("a", 1, Sample.Colour.GREEN);
        Serializer serializer = serialization.findSerializerFor(leaf);
        assertInstanceOf(KryoSerializer.class, serializer);
        assertEquals(leaf, serialization.deserialize(serializer.toBinary(leaf), 4101, "k1").get());
    }

    @Test
    void shouldReadAnArrayThroughALittleEndianBuffer() throws NotSerializableException {
        Sample leaf = new Sample.Leaf("a", 1, Sample.Colour.GREEN);
        ByteBuffer frame = ByteBuffer.wrap(serialization.serialize(leaf).get()).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(leaf, serialization.deserializeByteBuffer(frame, 4101, "k1"));
    }

    @Test
    void shouldCarryTypedReferences() {
        Sample ask = new Sample.Ask(Adapter.toTyped(new TestKit(system).getRef()));
        assertEquals(ask, serialization.deserialize(serialization.serialize(ask).get(), 4101, "k1").get());
    }

    @Test
    void shouldRefuseAnEncodingThatItDoesNotKnow() {
        byte[] bytes = serialization.serialize(new Sample.Leaf("a", 1, Sample.Colour.RED)).get();
        KryoSerializer serializer =
                (KryoSerializer) serialization.findSerializerFor(new Sample.Leaf("b", 2, Sample.Colour.RED));
        assertThrows(NotSerializableException.class, () -> serializer.fromBinary(bytes, "k2"));
    }
}
