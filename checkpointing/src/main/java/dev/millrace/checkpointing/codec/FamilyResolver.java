// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.codec;

import com.esotericsoftware.kryo.Registration;
import com.esotericsoftware.kryo.util.DefaultClassResolver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds the registration of a class, or of the registered family that it belongs to. */
final class FamilyResolver extends DefaultClassResolver {
    private final List<Class<?>> families = new ArrayList<>();
    private final Map<Class<?>, Class<?>> familyOfType = new HashMap<>();

    void add(Class<?> family) {
        families.add(family);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Registration getRegistration(Class type) {
        Registration registration = super.getRegistration(type);
        if (registration != null || type == null) {
            return registration;
        }
        Class<?> family = familyOfType.get(type);
        if (family == null) {
            family = find(type);
            if (family == null) {
                return null;
            }
            familyOfType.put(type, family);
        }
        return super.getRegistration(family);
    }

    private Class<?> find(Class<?> type) {
        for (Class<?> family : families) {
            if (family.isAssignableFrom(type)) {
                return family;
            }
        }
        return null;
    }
}
