// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.codec;

import com.esotericsoftware.kryo.serializers.DefaultSerializers;
import com.esotericsoftware.kryo.serializers.TimeSerializers;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/** The classes of the JDK that messages, events and plans are made of. Part of each codec. */
final class JdkRegistrations implements KryoRegistrations {
    @Override
    public void register(KryoRegistrar registrar) {
        registrar.add(10, boolean[].class).add(11, byte[].class).add(12, short[].class).add(13, char[].class)
                .add(14, int[].class).add(15, long[].class).add(16, float[].class).add(17, double[].class)
                .add(18, String[].class).add(19, Object[].class).add(20, byte[][].class).add(21, int[][].class)
                .add(22, long[][].class);

        registrar.add(30, BigInteger.class).add(31, BigDecimal.class)
                .add(32, UUID.class, new DefaultSerializers.UUIDSerializer()).add(33, Optional.class)
                .add(34, OptionalInt.class).add(35, OptionalLong.class).add(36, OptionalDouble.class);

        registrar.add(50, ArrayList.class).add(51, HashMap.class).add(52, LinkedHashMap.class).add(53, TreeMap.class)
                .add(54, HashSet.class).add(55, LinkedHashSet.class).add(56, TreeSet.class)
                .add(57, Arrays.asList().getClass()).add(58, Collections.emptyList().getClass())
                .add(59, Collections.emptyMap().getClass()).add(60, Collections.emptySet().getClass())
                .add(61, Collections.singletonList(0).getClass()).add(62, Collections.singletonMap(0, 0).getClass())
                .add(63, Collections.singleton(0).getClass());

        registrar.add(64, Collections.unmodifiableMap(Map.of()).getClass(), new UnmodifiableMapSerializer())
                .add(65, Collections.unmodifiableList(new ArrayList<>()).getClass(), new UnmodifiableListSerializer());

        // List.of and its kin have several hidden classes, by size; which one, the reader chooses anew.
        registrar.add(70, List.of(1).getClass()).add(71, List.of(1, 2, 3).getClass())
                .add(72, List.of(1, 2, 3).subList(0, 2).getClass()).add(73, Map.of(1, 1).getClass())
                .add(74, Map.of(1, 1, 2, 2).getClass()).add(75, Set.of(1).getClass())
                .add(76, Set.of(1, 2, 3).getClass());

        registrar.add(90, Instant.class).add(91, Duration.class).add(92, LocalDate.class).add(93, LocalTime.class)
                .add(94, LocalDateTime.class).add(95, OffsetDateTime.class).add(96, ZonedDateTime.class)
                .add(97, ZoneOffset.class).add(98, Period.class)
                .addFamily(99, ZoneId.class, new TimeSerializers.ZoneIdSerializer());
    }
}
