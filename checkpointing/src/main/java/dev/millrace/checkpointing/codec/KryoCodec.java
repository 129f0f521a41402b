// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Registration;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.util.Pool;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.StringJoiner;
import java.util.zip.CRC32C;
import org.apache.pekko.actor.ExtendedActorSystem;

/**
 * Objects as bytes by Kryo, registered classes only. Thread-safe.
 *
 * <pre>
 * length of the rest 4 | crc32c of the rest 4 | class id and object      numbers little-endian, whatever a buffer says
 * </pre>
 *
 * <p>Length and checksum are verified before Kryo sees a byte, as it allocates by lengths that it reads. References are
 * off: an object that occurs twice is written twice, and a cycle is an error of the caller.
 */
public final class KryoCodec {
    private static final int ENVELOPE_BYTES = 8;
    private static final int KEPT_CODERS_MAX = 32;
    private static final int FIRST_BUFFER_BYTES = 1 << 10;
    private static final int KEPT_BUFFER_BYTES_MAX = 1 << 20;

    private final List<KryoRegistrations> registrations;
    private final ExtendedActorSystem system;
    private final Pool<Coder> coders = new Pool<>(true, false, KEPT_CODERS_MAX) {
        @Override
        protected Coder create() {
            return new Coder(registrations, system);
        }
    };

    /** A codec for data without actor references. The classes of the JDK are always registered. */
    public KryoCodec(List<KryoRegistrations> registrations) {
        this(registrations, null);
    }

    /** @param system the actor system whose references occur in what is written, or null if there are none */
    public KryoCodec(List<KryoRegistrations> registrations, ExtendedActorSystem system) {
        this.registrations = List.copyOf(registrations);
        this.system = system;
        // Made at once, so that a mistake in the registrations shows at start and not with the first message.
        coders.free(new Coder(this.registrations, system));
    }

    /**
     * A codec for the classes of all modules that a class loader finds.
     *
     * @param system the actor system whose references occur in what is written, or null if there are none
     */
    public static KryoCodec ofModules(ClassLoader loader, ExtendedActorSystem system) {
        List<KryoRegistrations> modules = ServiceLoader.load(KryoRegistrations.class, loader).stream()
                .map(ServiceLoader.Provider::get).toList();
        return new KryoCodec(modules, system);
    }

    /** Encodes an object into an array of its own. */
    public byte[] encode(Object object) {
        Coder coder = coders.obtain();
        byte[] bytes = Arrays.copyOf(coder.encode(object), coder.encodedBytes());
        release(coder);
        return bytes;
    }

    /** Encodes an object at the position of a buffer, and moves the position behind it. */
    public void encode(Object object, ByteBuffer target) {
        Coder coder = coders.obtain();
        target.put(coder.encode(object), 0, coder.encodedBytes());
        release(coder);
    }

    /**
     * Decodes what {@link #encode} gave.
     *
     * @throws MillraceException if the bytes are damaged or don't fit the classes of this release
     */
    public Object decode(byte[] bytes) {
        ByteBuffer source = ByteBuffer.wrap(bytes);
        Object object = decode(source);
        if (source.hasRemaining()) {
            throw damaged("there are " + source.remaining() + " bytes after its end");
        }
        return object;
    }

    /**
     * Decodes an object at the position of a buffer, and moves the position behind it.
     *
     * @throws MillraceException if the bytes are damaged or don't fit the classes of this release
     */
    public Object decode(ByteBuffer source) {
        if (source.remaining() < ENVELOPE_BYTES) {
            throw damaged("it is cut short");
        }
        int length = littleEndian(source);
        int crc = littleEndian(source);
        if (length < 0 || length > source.remaining()) {
            throw damaged("it is cut short, or its length is wrong");
        }
        byte[] content = new byte[length];
        source.get(content);
        if (crc(content, 0, length) != crc) {
            throw damaged("it fails its checksum");
        }
        Coder coder = coders.obtain();
        Object object = coder.decode(content);
        release(coder);
        return object;
    }

    /**
     * What is frozen: one line a registered class, ordered by id, with a record's components or an enum's constants.
     * Tests compare it with a stored copy; a line may be added, never changed.
     */
    public List<String> layout() {
        Coder coder = coders.obtain();
        List<String> lines = new ArrayList<>();
        for (Registration registration : coder.registrar.registered().values()) {
            lines.add(registration.getId() + " " + describe(registration.getType()));
        }
        release(coder);
        return lines;
    }

    /** Not called after a failure: a coder that threw is left to the garbage collector, whatever state it is in. */
    private void release(Coder coder) {
        coder.shrink();
        coders.free(coder);
    }

    private static String describe(Class<?> type) {
        if (type.isRecord()) {
            StringJoiner components = new StringJoiner(", ", "(", ")");
            RecordComponent[] ordered = type.getRecordComponents();
            Arrays.sort(ordered, Comparator.comparing(RecordComponent::getName));
            for (RecordComponent component : ordered) {
                components.add(component.getName() + ": " + component.getType().getTypeName());
            }
            return type.getTypeName() + components;
        }
        return type.isEnum() ? type.getTypeName() + Arrays.toString(type.getEnumConstants()) : type.getTypeName();
    }

    private static int littleEndian(ByteBuffer source) {
        return source.get() & 0xff | (source.get() & 0xff) << 8 | (source.get() & 0xff) << 16 | source.get() << 24;
    }

    private static void putLittleEndian(byte[] target, int offset, int value) {
        target[offset] = (byte) value;
        target[offset + 1] = (byte) (value >>> 8);
        target[offset + 2] = (byte) (value >>> 16);
        target[offset + 3] = (byte) (value >>> 24);
    }

    private static int crc(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    private static MillraceException damaged(String why) {
        return new MillraceException(ErrorCode.STATE_DAMAGED, "an encoded object can't be used: " + why,
                "restore the store from a copy; nothing is skipped");
    }

    /** One Kryo instance with its buffer; used by one thread at a time. */
    private static final class Coder {
        private final Kryo kryo;
        private final KryoRegistrar registrar;
        private final Input input = new Input();
        private Output output = new Output(FIRST_BUFFER_BYTES, -1);

        Coder(List<KryoRegistrations> registrations, ExtendedActorSystem system) {
            FamilyResolver families = new FamilyResolver();
            kryo = new Kryo(families, null);
            kryo.setRegistrationRequired(true);
            kryo.setReferences(false);
            registrar = new KryoRegistrar(kryo, families, system);
            new JdkRegistrations().register(registrar);
            for (KryoRegistrations module : registrations) {
                module.register(registrar);
            }
        }

        byte[] encode(Object object) {
            output.reset();
            output.writeLong(0);
            kryo.writeClassAndObject(output, object);
            byte[] buffer = output.getBuffer();
            int length = output.position() - ENVELOPE_BYTES;
            putLittleEndian(buffer, 0, length);
            putLittleEndian(buffer, 4, crc(buffer, ENVELOPE_BYTES, length));
            return buffer;
        }

        int encodedBytes() {
            return output.position();
        }

        Object decode(byte[] content) {
            input.setBuffer(content);
            Object object;
            try {
                object = kryo.readClassAndObject(input);
            } catch (KryoException | IllegalArgumentException | IndexOutOfBoundsException e) {
                throw new MillraceException(ErrorCode.STATE_NEWER,
                        "an encoded object does not fit the classes of this release: " + e.getMessage(), null,
                        "run the release that wrote it, or a newer one", e);
            }
            if (input.position() != content.length) {
                throw new MillraceException(ErrorCode.STATE_NEWER,
                        "an encoded object of " + content.length + " bytes ends after " + input.position(),
                        "run the release that wrote it, or a newer one");
            }
            return object;
        }

        void shrink() {
            if (output.getBuffer().length > KEPT_BUFFER_BYTES_MAX) {
                output = new Output(FIRST_BUFFER_BYTES, -1);
            }
            input.setBuffer(NOTHING);
        }

        private static final byte[] NOTHING = new byte[0];
    }
}
