// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster;

import dev.millrace.cluster.message.JobId;
import dev.millrace.cluster.message.RegistryCommand;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.error.NearestName;
import java.util.List;

/** The names of jobs, as the registry keeps them. */
final class JobNames {
    private final Questions questions;

    JobNames(Questions questions) {
        this.questions = questions;
    }

    /** All named jobs, in order of their names. */
    List<JobId> all() {
        return questions.<RegistryCommand.Jobs>registry(RegistryCommand.List::new).jobs();
    }

    /** @throws MillraceException if there is no job of this name ({@link ErrorCode#JOB_NOT_FOUND}) */
    JobId find(String name) {
        return all().stream().filter(id -> id.name().equals(name)).findFirst().orElseThrow(() -> notFound(name));
    }

    MillraceException notFound(String name) {
        List<String> known = all().stream().map(JobId::name).filter(other -> !other.equals(name)).toList();
        return new MillraceException(
                ErrorCode.JOB_NOT_FOUND, "job \"" + name + "\" not found", NearestName.hint(name, known, "jobs"));
    }

    /** The job of this name, which may be a new one. */
    JobId register(String name) {
        return questions.<RegistryCommand.Registered>registry(replyTo -> new RegistryCommand.Register(name, replyTo))
                .id();
    }

    /** Frees the name of a job that is dropped. */
    void forget(String name) {
        questions.<RegistryCommand.Jobs>registry(replyTo -> new RegistryCommand.Forget(name, replyTo));
    }
}
