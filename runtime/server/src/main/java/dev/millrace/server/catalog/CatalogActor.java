// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.catalog;

import java.util.List;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;

/** Keeps the statements that have made the catalog. One in a cluster. Knows no SQL. */
final class CatalogActor extends EventSourcedBehavior<CatalogCommand, CatalogEvent, CatalogRecord> {
    /** Of the statements in one answer, so that it fits a message between nodes. */
    private static final int CHARACTERS_MAX = 32_768;

    private CatalogActor() {
        super(PersistenceId.ofUniqueId("catalog"));
    }

    static Behavior<CatalogCommand> create() {
        return new CatalogActor();
    }

    @Override
    public CatalogRecord emptyState() {
        return CatalogRecord.EMPTY;
    }

    @Override
    public EventHandler<CatalogRecord, CatalogEvent> eventHandler() {
        return CatalogRecord::after;
    }

    @Override
    public CommandHandler<CatalogCommand, CatalogEvent, CatalogRecord> commandHandler() {
        return (record, command) -> switch (command) {
            case CatalogCommand.Append append -> {
                boolean knowsAll = append.known() == record.statements().size();
                yield (knowsAll ? Effect().persist(new CatalogEvent.Changed(append.statement())) : Effect().none())
                        .thenRun((CatalogRecord now) -> append.replyTo().tell(after(append.known(), now, knowsAll)));
            }
            case CatalogCommand.Tell tell -> {
                tell.replyTo().tell(after(tell.known(), record, false));
                yield Effect().none();
            }
        };
    }

    /** As many statements as a message bears, at least one if there are more. */
    private static CatalogCommand.Statements after(int known, CatalogRecord record, boolean kept) {
        List<CatalogStatement> all = record.statements();
        int to = Math.min(known, all.size());
        int characters = 0;
        while (to < all.size() && (to == known || characters + all.get(to).sql().length() <= CHARACTERS_MAX)) {
            characters += all.get(to++).sql().length();
        }
        return new CatalogCommand.Statements(all.subList(Math.min(known, all.size()), to), all.size(), kept);
    }
}
