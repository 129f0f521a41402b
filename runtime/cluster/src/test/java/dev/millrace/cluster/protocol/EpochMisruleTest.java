// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Takes away one rule of epochs at a time: a rule whose absence no seed notices is either not needed or not tested. */
class EpochMisruleTest {
    private static final long SEEDS_MAX = 10_000;

    /** A set of rules of which one is wrong. */
    record Misrule(String name, EpochRules rules) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Misrule> misrules() {
        return List.of(
                new Misrule("4.1: a slot that is taken is written over", new EpochRules() {
                    @Override
                    boolean replacesSlots() {
                        return true;
                    }
                }),
                new Misrule("4.1: who has lost a slot takes the next one", new EpochRules() {
                    @Override
                    boolean goesOnWithoutSlot() {
                        return true;
                    }
                }),
                new Misrule("4.2: the numbers of deleted slots are free at once", new EpochRules() {
                    @Override
                    long slotsKept(long millis) {
                        return 0;
                    }
                }),
                new Misrule("4.2: who was silent doesn't look beyond its slot", new EpochRules() {
                    @Override
                    boolean looksBeyond() {
                        return false;
                    }
                }),
                new Misrule("4.3: who doesn't know what was written goes on", new EpochRules() {
                    @Override
                    boolean goesOnInDoubt() {
                        return true;
                    }
                }),
                new Misrule("4.3: who doesn't know what was released releases again", new EpochRules() {
                    @Override
                    boolean releasesAgainInDoubt() {
                        return true;
                    }
                }),
                new Misrule("4.4: the target is opened before the log is claimed", new EpochRules() {
                    @Override
                    boolean claimsFirst() {
                        return false;
                    }
                }),
                new Misrule("4.4: the marker is read before older owners are shut out", new EpochRules() {
                    @Override
                    boolean fencesBeforeItReads() {
                        return false;
                    }
                }),
                new Misrule("4.4: older owners aren't shut out", new EpochRules() {
                    @Override
                    boolean targetFences() {
                        return false;
                    }
                }),
                new Misrule("4.4: the log is believed, not the marker", new EpochRules() {
                    @Override
                    Releases releases(String name, long noted, long durable) {
                        return new Releases(name, noted, durable) {
                            @Override
                            protected boolean believes(long told) {
                                return told == 0;
                            }
                        };
                    }
                }),
                new Misrule("4.4: a marker beyond the log is believed", new EpochRules() {
                    @Override
                    Releases releases(String name, long noted, long durable) {
                        return new Releases(name, noted, durable) {
                            @Override
                            protected void check(long told) {
                                super.check(Math.min(told, durable));
                            }
                        };
                    }
                }),
                new Misrule("4.4: epochs end before the marker is known", new EpochRules() {
                    @Override
                    Releases releases(String name, long noted, long durable) {
                        return new Releases(name, noted, durable) {
                            @Override
                            public boolean mayEndEpochs(long incarnation) {
                                return true;
                            }
                        };
                    }
                }),
                new Misrule("4.5: the marker is read before what is being committed", new EpochRules() {
                    @Override
                    boolean readsStable() {
                        return false;
                    }
                }),
                new Misrule("4.5: no marker means that nothing was released", new EpochRules() {
                    @Override
                    Releases releases(String name, long noted, long durable) {
                        return new Releases(name, noted, durable) {
                            @Override
                            protected void check(long told) {
                                super.check(told == UNKNOWN ? noted : told);
                            }
                        };
                    }
                }),
                new Misrule("4.5: rows leave before the log knows that there is a marker", new EpochRules() {
                    @Override
                    Releases releases(String name, long noted, long durable) {
                        return new Releases(name, noted, durable) {
                            @Override
                            protected boolean isMarkerKnown() {
                                return true;
                            }
                        };
                    }
                }),
                new Misrule("4.5: who stops in order doesn't note that nothing waits", new EpochRules() {
                    @Override
                    boolean notesAtTheEnd() {
                        return false;
                    }
                }),
                new Misrule("4.7: the outbox has no bound", new EpochRules() {
                    @Override
                    Releases releases(String name, long noted, long durable) {
                        return new Releases(name, noted, durable) {
                            @Override
                            public boolean hasRoom(long staged, long epochMax, long outboxMax) {
                                return staged < epochMax;
                            }
                        };
                    }
                }),
                new Misrule("4.7: what is being drained is not part of the epoch", new EpochRules() {
                    @Override
                    boolean savesDraining() {
                        return false;
                    }
                }),
                new Misrule("any number of epochs is on the way", new EpochRules() {
                    @Override
                    EpochNumbers numbers(long restored, int inFlightMax) {
                        return new EpochNumbers(restored, inFlightMax) {
                            @Override
                            public boolean mayEnd() {
                                return true;
                            }
                        };
                    }
                }),
                new Misrule("4.8: an image counts before its last epoch is durable", new EpochRules() {
                    @Override
                    boolean countsBeforeWritten() {
                        return true;
                    }
                }),
                new Misrule("4.8: one snapshot is enough", new EpochRules() {
                    @Override
                    EpochLog log(String name) {
                        return new EpochLog(name) {
                            @Override
                            public OptionalLong stored(Snapshot snapshot) {
                                super.stored(snapshot);
                                return OptionalLong.of(snapshot.number());
                            }
                        };
                    }
                }),
                new Misrule("4.8: epochs that wait to leave are behind a snapshot", new EpochRules() {
                    @Override
                    EpochLog log(String name) {
                        return new EpochLog(name) {
                            @Override
                            protected boolean haveLeft(long epoch) {
                                return true;
                            }
                        };
                    }
                }),
                new Misrule("4.8: holes in the log are stepped over", new EpochRules() {
                    @Override
                    EpochLog log(String name) {
                        return new EpochLog(name) {
                            @Override
                            protected boolean follows(long epoch) {
                                return true;
                            }
                        };
                    }
                }),
                new Misrule("4.8: a log may end before its snapshot", new EpochRules() {
                    @Override
                    EpochLog log(String name) {
                        return new EpochLog(name) {
                            @Override
                            protected boolean holdsImage() {
                                return true;
                            }
                        };
                    }
                }),
                new Misrule("4.12: rows leave before their epoch is durable", new EpochRules() {
                    @Override
                    Releases releases(String name, long noted, long durable) {
                        return new Releases(name, noted, durable) {
                            @Override
                            protected boolean mayLeave(long epoch) {
                                return true;
                            }
                        };
                    }
                }),
                new Misrule("4.12: positions run ahead of the state", new EpochRules() {
                    @Override
                    boolean positionsGoWithState() {
                        return false;
                    }
                }),
                new Misrule("4.13: an epoch doesn't wait for its bad records", new EpochRules() {
                    @Override
                    boolean waitsForBadRecords() {
                        return false;
                    }
                }),
                new Misrule("4.6: the log of another generation has the same name", new EpochRules() {
                    @Override
                    String logName(int generation, int index) {
                        return "" + index;
                    }
                }),
                new Misrule("4.6: the marker of another generation has the same name", new EpochRules() {
                    @Override
                    String targetName(int generation, int index) {
                        return "" + index;
                    }
                }),
                new Misrule("4.6: the old generation isn't shut out", new EpochRules() {
                    @Override
                    boolean shutsOutTheOldGeneration() {
                        return false;
                    }
                }),
                new Misrule("4.6: the old generation is started again by who doesn't know of the new one",
                        new EpochRules() {
                            @Override
                            EpochLog log(String name) {
                                return new EpochLog(name) {
                                    @Override
                                    protected boolean mayClaim(long generation) {
                                        return true;
                                    }
                                };
                            }
                        }),
                new Misrule("6.1: a savepoint waits for ever", new EpochRules() {
                    @Override
                    boolean endsInTime() {
                        return false;
                    }
                }),
                new Misrule("6.1: partitions copy wherever they stand", new EpochRules() {
                    @Override
                    boolean copiesAtTheCut() {
                        return false;
                    }
                }),
                new Misrule("6.1: one partition's copy is enough", new EpochRules() {
                    @Override
                    SavepointCut cut(Set<String> inputs, Set<String> partitions) {
                        return new SavepointCut(inputs, partitions) {
                            @Override
                            public void stored(String partition) {
                                partitions.forEach(super::stored);
                            }
                        };
                    }
                }),
                new Misrule("6.2: rows need not have left", new EpochRules() {
                    @Override
                    boolean copiesWhenRowsHaveLeft() {
                        return false;
                    }
                }),
                new Misrule("6.2: state without a key stays behind", new EpochRules() {
                    @Override
                    boolean mergesStateWithoutKey() {
                        return false;
                    }
                }));
    }

    @ParameterizedTest
    @MethodSource("misrules")
    void shouldNoticeThatARuleIsMissing(Misrule misrule) {
        for (long seed = 1; seed <= SEEDS_MAX; seed++) {
            try {
                new EpochSimulation(EpochPlan.random(seed), misrule.rules()).run();
            } catch (ProtocolViolation | IllegalStateException | IllegalArgumentException _) {
                return;
            }
        }
        fail(SEEDS_MAX + " seeds don't notice that " + misrule);
    }
}
