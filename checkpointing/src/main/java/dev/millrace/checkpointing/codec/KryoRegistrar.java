// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Registration;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.serializers.EnumNameSerializer;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.pekko.actor.ExtendedActorSystem;

/** Takes the registrations for one Kryo instance and refuses ids and classes that are registered twice. */
public final class KryoRegistrar {
    private static final int FIRST_ID = 10;

    private final Kryo kryo;
    private final FamilyResolver families;
    private final ExtendedActorSystem system;
    private final SortedMap<Integer, Registration> registered = new TreeMap<>();

    KryoRegistrar(Kryo kryo, FamilyResolver families, ExtendedActorSystem system) {
        this.kryo = kryo;
        this.families = families;
        this.system = system;
    }

    /** Registers a record, an enum, or a class that Kryo knows how to write. */
    public KryoRegistrar add(int id, Class<?> type) {
        return put(id, type, type.isEnum() ? enumByName(type) : kryo.getDefaultSerializer(type));
    }

    /** Registers a class with a serializer of its own. (Wildcards, as there is no class literal of a generic type.) */
    public KryoRegistrar add(int id, Class<?> type, Serializer<?> serializer) {
        return put(id, type, serializer);
    }

    /** Registers a type together with all its subtypes that aren't registered themselves. */
    public KryoRegistrar addFamily(int id, Class<?> type, Serializer<?> serializer) {
        put(id, type, serializer);
        families.add(type);
        return this;
    }

    /**
     * The actor system whose messages are written, for serializers of actor references.
     *
     * @throws IllegalStateException if the codec was made without one
     */
    public ExtendedActorSystem actorSystem() {
        if (system == null) {
            throw new IllegalStateException("this codec has no actor system");
        }
        return system;
    }

    SortedMap<Integer, Registration> registered() {
        return registered;
    }

    private KryoRegistrar put(int id, Class<?> type, Serializer<?> serializer) {
        if (id < FIRST_ID) {
            throw new IllegalArgumentException("id " + id + " of " + type.getName() + " belongs to Kryo");
        }
        Registration registration = new Registration(type, serializer, id);
        Registration same = registered.put(id, registration);
        if (same != null) {
            throw new IllegalStateException(
                    "id " + id + " is given to " + same.getType().getName() + " and to " + type.getName());
        }
        for (Registration other : registered.values()) {
            if (other != registration && other.getType() == type) {
                throw new IllegalStateException(type.getName() + " has the ids " + other.getId() + " and " + id);
            }
        }
        kryo.register(registration);
        return this;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Serializer<?> enumByName(Class<?> type) {
        return new EnumNameSerializer((Class<? extends Enum>) type);
    }
}
