// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.type;

import java.util.Objects;

/** A named and typed column. Names are case-sensitive. */
public record Column(String name, SqlType type) {
    public Column {
        Objects.requireNonNull(name);
        Objects.requireNonNull(type);
    }
}
