// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Takes away one rule at a time: a rule whose absence no seed notices is either not needed or not tested. */
class MisruleTest {
    private static final long SEEDS_MAX = 10_000;

    /** A set of rules of which one is wrong. */
    record Misrule(String name, Rules rules) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Misrule> misrules() {
        return List.of(
                new Misrule("a partition hears older sessions", new Rules() {
                    @Override
                    PartitionInputs<Rows> inputs(int partition, long incarnation, InputVector restored,
                            Window window) {
                        return new PartitionInputs<>(partition, incarnation, restored, window) {
                            @Override
                            protected boolean isCurrent(Session given, Session current) {
                                return true;
                            }
                        };
                    }
                }),
                new Misrule("a lane hears older sessions", new Rules() {
                    @Override
                    Lane<Rows> makeLane(String input, long reader, int partition, LaneSettings settings) {
                        return new Lane<>(input, reader, partition, settings) {
                            @Override
                            protected boolean isStale(Session given, Session current) {
                                return given.reader() != reader;
                            }
                        };
                    }
                }),
                new Misrule("a lane hears the answers to other readers", new Rules() {
                    @Override
                    Lane<Rows> makeLane(String input, long reader, int partition, LaneSettings settings) {
                        return new Lane<>(input, reader, partition, settings) {
                            @Override
                            protected boolean isStale(Session given, Session current) {
                                return current != null && current.isNewerThan(given);
                            }
                        };
                    }
                }),
                new Misrule("a gap is taken", new Rules() {
                    @Override
                    PartitionInputs<Rows> inputs(int partition, long incarnation, InputVector restored,
                            Window window) {
                        return new PartitionInputs<>(partition, incarnation, restored, window) {
                            @Override
                            protected boolean isGap(Delivery<Rows> delivery, Standing taken) {
                                return false;
                            }
                        };
                    }
                }),
                new Misrule("an end is taken out of order", new Rules() {
                    @Override
                    PartitionInputs<Rows> inputs(int partition, long incarnation, InputVector restored,
                            Window window) {
                        return new PartitionInputs<>(partition, incarnation, restored, window) {
                            @Override
                            protected boolean isGap(Delivery<Rows> delivery, Standing taken) {
                                return !delivery.end() && super.isGap(delivery, taken);
                            }
                        };
                    }
                }),
                new Misrule("what was had is taken again", new Rules() {
                    @Override
                    PartitionInputs<Rows> inputs(int partition, long incarnation, InputVector restored,
                            Window window) {
                        return new PartitionInputs<>(partition, incarnation, restored, window) {
                            @Override
                            protected boolean isSeen(Delivery<Rows> delivery, Standing taken) {
                                return false;
                            }
                        };
                    }
                }),
                new Misrule("the mark that an input is idle is taken for something had", new Rules() {
                    @Override
                    PartitionInputs<Rows> inputs(int partition, long incarnation, InputVector restored,
                            Window window) {
                        return new PartitionInputs<>(partition, incarnation, restored, window) {
                            @Override
                            protected boolean isSeen(Delivery<Rows> delivery, Standing taken) {
                                return super.isSeen(delivery, taken)
                                        || taken.covers(delivery.standing().withIdle(false));
                            }
                        };
                    }
                }),
                new Misrule("an older reader is served", new Rules() {
                    @Override
                    PartitionInputs<Rows> inputs(int partition, long incarnation, InputVector restored,
                            Window window) {
                        return new PartitionInputs<>(partition, incarnation, restored, window) {
                            @Override
                            protected boolean isReplaced(long reader, long served) {
                                return false;
                            }
                        };
                    }
                }),
                new Misrule("only the inputs heard of count", new Rules() {
                    @Override
                    PartitionInputs<Rows> inputs(int partition, long incarnation, InputVector restored,
                            Window window) {
                        return new InputsHeardOf(partition, incarnation, restored, window);
                    }
                }),
                new Misrule("no probes", new Rules() {
                    @Override
                    Lane<Rows> makeLane(String input, long reader, int partition, LaneSettings settings) {
                        return new Lane<>(input, reader, partition, settings) {
                            @Override
                            protected boolean isProbeDue(long now) {
                                return false;
                            }
                        };
                    }
                }),
                new Misrule("silent lanes are waited for", new Rules() {
                    @Override
                    Lane<Rows> makeLane(String input, long reader, int partition, LaneSettings settings) {
                        return new Lane<>(input, reader, partition, settings) {
                            @Override
                            protected boolean isSilent(long now) {
                                return false;
                            }
                        };
                    }
                }),
                new Misrule("the watermark isn't kept with the position", new Rules() {
                    @Override
                    long watermarkAt(ReaderDecision.Seek<Rows> seek, long live) {
                        return Long.MIN_VALUE;
                    }
                }),
                new Misrule("the catch-up cursor goes by the watermark of the live one", new Rules() {
                    @Override
                    long watermarkAt(ReaderDecision.Seek<Rows> seek, long live) {
                        return seek.cursor() == Cursor.CATCH_UP ? live : seek.watermark();
                    }
                }),
                new Misrule("a lane takes the memory of any number of reads", new Rules() {
                    @Override
                    Lane<Rows> makeLane(String input, long reader, int partition, LaneSettings settings) {
                        return new Lane<>(input, reader, partition, settings) {
                            @Override
                            protected boolean hasRoom() {
                                return true;
                            }
                        };
                    }
                }),
                new Misrule("a full lane is waited for", new Rules() {
                    @Override
                    Isolation<Rows> isolation(IsolationSettings settings, List<Lane<Rows>> lanes, CursorPlace live,
                            CursorPlace catchUp) {
                        return new Isolation<>(settings, lanes, live, catchUp) {
                            @Override
                            protected boolean isToBeDetached(Lane<Rows> lane, long now) {
                                return false;
                            }
                        };
                    }
                }),
                new Misrule("any number of lanes may be detached as slow", new Rules() {
                    @Override
                    Isolation<Rows> isolation(IsolationSettings settings, List<Lane<Rows>> lanes, CursorPlace live,
                            CursorPlace catchUp) {
                        return new Isolation<>(settings, lanes, live, catchUp) {
                            @Override
                            protected boolean mostAreFull(long now) {
                                return false;
                            }
                        };
                    }
                }),
                new Misrule("the live cursor leaves lanes behind without end", new Rules() {
                    @Override
                    Isolation<Rows> isolation(IsolationSettings settings, List<Lane<Rows>> lanes, CursorPlace live,
                            CursorPlace catchUp) {
                        return new Isolation<>(settings, lanes, live, catchUp) {
                            @Override
                            protected boolean isTooFarAhead() {
                                return false;
                            }
                        };
                    }
                }),
                new Misrule("a lane is read for with the others though the live cursor is past it", new Rules() {
                    @Override
                    Isolation<Rows> isolation(IsolationSettings settings, List<Lane<Rows>> lanes, CursorPlace live,
                            CursorPlace catchUp) {
                        return new Isolation<>(settings, lanes, live, catchUp) {
                            @Override
                            protected boolean mayRejoin(Lane<Rows> lane, long now) {
                                return true;
                            }

                            @Override
                            protected boolean isOlder(Lane<Rows> lane) {
                                return false;
                            }
                        };
                    }
                }),
                new Misrule("rows are judged by the watermark behind the batch", new Rules() {
                    @Override
                    long before(long before, long watermarkAtTo, long time) {
                        return time <= watermarkAtTo ? watermarkAtTo : before;
                    }
                }),
                new Misrule("rows aren't trimmed to what the lane wants", new Rules() {
                    @Override
                    long trimFrom(long wantedFrom, long readFrom) {
                        return readFrom;
                    }
                }),
                new Misrule("round robin by batch", new Rules() {
                    @Override
                    int route(SimulationPlan plan, SimulatedSource source, SimulatedSource.Entry entry, int poll) {
                        return plan.roundRobin() ? poll % plan.partitions() : super.route(plan, source, entry, poll);
                    }
                }),
                new Misrule("a checkpoint holds what is taken but not applied", new Rules() {
                    @Override
                    InputVector checkpoint(InputVector applied, List<InputDecision.Take<Rows>> taken) {
                        Map<String, Standing> standings = new LinkedHashMap<>();
                        applied.inputs().forEach(entry -> standings.put(entry.input(), entry.standing()));
                        for (InputDecision.Take<Rows> take : taken) {
                            Delivery<Rows> last = take.delivery();
                            standings.put(last.input(), last.standing());
                        }
                        List<InputVector.Entry> entries = new ArrayList<>();
                        standings.forEach((input, standing) -> entries.add(new InputVector.Entry(input, standing)));
                        return new InputVector(applied.listVersion(), applied.watermark(), entries);
                    }
                }));
    }

    @ParameterizedTest
    @MethodSource("misrules")
    void shouldNoticeThatARuleIsMissing(Misrule misrule) {
        for (long seed = 1; seed <= SEEDS_MAX; seed++) {
            try {
                new Simulation(SimulationPlan.random(seed), misrule.rules()).run();
            } catch (ProtocolViolation | IllegalStateException | IllegalArgumentException _) {
                return;
            }
        }
        fail(SEEDS_MAX + " seeds don't notice that " + misrule);
    }

    /** Ignores the split list: an input joins when its reader greets. */
    private static final class InputsHeardOf extends PartitionInputs<Rows> {
        private final Map<String, SplitList.Split> heardOf = new LinkedHashMap<>();
        private final Map<String, SplitList.Split> listed = new LinkedHashMap<>();

        private InputsHeardOf(int partition, long incarnation, InputVector restored, Window window) {
            super(partition, incarnation, restored, window);
            for (InputVector.Entry entry : restored.inputs()) {
                heardOf.put(entry.input(), new SplitList.Split(entry.input(), entry.standing().position()));
            }
        }

        @Override
        public boolean splits(SplitList list) {
            list.splits().forEach(split -> listed.put(split.input(), split));
            return false;
        }

        @Override
        public ToReader greeted(Greeting<Rows> greeting) {
            SplitList.Split split = listed.get(greeting.input());
            if (split != null) {
                heardOf.putIfAbsent(greeting.input(), split);
                super.splits(new SplitList(heardOf.size(), List.copyOf(heardOf.values())));
            }
            return super.greeted(greeting);
        }
    }
}
