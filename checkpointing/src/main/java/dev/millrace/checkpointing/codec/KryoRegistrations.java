// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.codec;

/**
 * A module's classes that Kryo may write, with their ids. Found as a service: name the implementation in
 * {@code META-INF/services/dev.millrace.checkpointing.codec.KryoRegistrations}.
 *
 * <p><b>The rule of evolution.</b> Ids and layouts are stored in journals, so they are frozen once released:
 * <ul>
 * <li>An id is never reused, not even when its class is gone.
 * <li>A record is written as its components ordered by name, without tags. So a component is never added, removed,
 * renamed or given another type. A change is a new record under a new id; the old one is kept, as {@code FooV1}, for
 * reading, and converted where it is read.
 * <li>Enum constants are written by name: constants may be added and reordered, never renamed or removed.
 * <li>Moving or renaming a class under its id is free, as only the id is stored.
 * </ul>
 * Each module freezes what {@link KryoCodec#layout} says of it in a test.
 *
 * <p>Ids: 0–9 Kryo, 10–199 the JDK, 200–999 the engine (schemas, expressions, plans), 1000–1999 the cluster,
 * 2000–2999 the server, 3000 and up anybody else.
 */
public interface KryoRegistrations {
    /** Registers all classes; called once for each Kryo instance, so serializers with state are made here. */
    void register(KryoRegistrar registrar);
}
