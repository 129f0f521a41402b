// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.catalog;

import dev.millrace.checkpointing.codec.KryoRegistrar;
import dev.millrace.checkpointing.codec.KryoRegistrations;

/** The messages and events of the catalog. */
public final class CatalogRegistrations implements KryoRegistrations {
    @Override
    public void register(KryoRegistrar registrar) {
        registrar.add(2000, CatalogStatement.class);
        registrar.add(2001, CatalogEvent.Changed.class);
        registrar.add(2002, CatalogCommand.Append.class);
        registrar.add(2003, CatalogCommand.Tell.class);
        registrar.add(2004, CatalogCommand.Statements.class);
    }
}
