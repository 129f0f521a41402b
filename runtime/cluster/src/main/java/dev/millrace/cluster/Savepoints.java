// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster;

import dev.millrace.cluster.job.ImageStore;
import dev.millrace.cluster.message.JobCommand;
import dev.millrace.cluster.message.JobId;
import dev.millrace.cluster.message.RegistryCommand;
import dev.millrace.cluster.message.Savepoint;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.error.NearestName;
import dev.millrace.engine.plan.JobPlan;
import dev.millrace.engine.upgrade.SavepointName;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;

/** The savepoints of all jobs, which the registry keeps: has them taken, finds them, and deletes them. */
final class Savepoints {
    private final ActorSystem<?> system;
    private final Questions questions;
    private final JobNames names;

    Savepoints(ActorSystem<?> system, Questions questions, JobNames names) {
        this.system = system;
        this.questions = questions;
        this.names = names;
    }

    /** All of them, the oldest first. */
    List<Savepoint> all() {
        return questions.<RegistryCommand.Savepoints>registry(RegistryCommand.ListSavepoints::new).savepoints();
    }

    /** @throws MillraceException if there is none of this name */
    Savepoint find(SavepointName name) {
        List<Savepoint> all = all();
        return all.stream().filter(savepoint -> isNamed(savepoint, name)).findFirst().orElseThrow(() -> {
            List<String> known = all.stream().map(Savepoint::fullName).map(SavepointName::toString).toList();
            return new MillraceException(
                    ErrorCode.SAVEPOINT_NOT_FOUND, "savepoint \"" + name + "\" not found",
                    NearestName.hint(name.toString(), known, "savepoints"));
        });
    }

    private static boolean isNamed(Savepoint savepoint, SavepointName name) {
        return savepoint.fullName().equals(name);
    }

    /** The savepoint from which a job shall start, or null; one that has started from it goes on where it stands. */
    Savepoint startingPoint(JobPlan plan) {
        String named = plan.options().get(SavepointName.OPTION);
        if (named == null || plan.name().isEmpty()) {
            return null;
        }
        JobPlan known = names.all().stream()
                .filter(id -> id.name().equals(plan.name()))
                .findFirst()
                .map(id -> questions.await(questions.job(id, JobCommand.DescribePlan::new)).plan())
                .orElse(null);
        boolean begun = known != null && known.sql().equals(plan.sql())
                && named.equals(known.options().get(SavepointName.OPTION));
        return begun ? null : find(SavepointName.parse(named, plan.name()));
    }

    /**
     * Has one taken of a running job. Returns when it is durable.
     *
     * @param stops whether the job stops at the cut
     * @throws MillraceException if the name is taken, or the job can't be brought to a cut
     */
    Savepoint take(SavepointName name, boolean stops) {
        JobId id = names.find(name.job());
        if (all().stream().anyMatch(savepoint -> isNamed(savepoint, name))) {
            throw new MillraceException(
                    ErrorCode.SAVEPOINT_EXISTS, "savepoint \"" + name + "\" exists",
                    "take another name, or DROP SAVEPOINT '" + name.savepoint() + "' FOR JOB " + name.job());
        }
        Savepoint taken = taken(id, replyTo -> new JobCommand.TakeSavepoint(name.savepoint(), stops, replyTo));
        questions.<RegistryCommand.Savepoints>registry(replyTo -> new RegistryCommand.KeepSavepoint(taken, replyTo));
        return taken;
    }

    /** Has a running job go on with other options, from a savepoint that only the job itself knows. */
    void alter(String job, Map<String, String> options) {
        taken(names.find(job), replyTo -> new JobCommand.Alter(options, replyTo));
    }

    private Savepoint taken(JobId id, Function<ActorRef<JobCommand.SavepointReply>, JobCommand> command) {
        JobCommand.SavepointReply reply = questions.await(questions.once(id, command));
        if (reply.savepoint() == null) {
            throw new MillraceException(
                    reply.code(), "the savepoint was not taken: " + reply.reason(),
                    "the job goes on; try again when the cause is gone");
        }
        return reply.savepoint();
    }

    /** @throws MillraceException if there is none of this name */
    void drop(SavepointName name) {
        Savepoint savepoint = find(name);
        questions.<RegistryCommand.Savepoints>registry(
                replyTo -> new RegistryCommand.ForgetSavepoint(savepoint.unique(), replyTo));
        new ImageStore(system).deleteAll(savepoint);
    }
}
