// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Reads the Dockerfile as far as it can be judged without building it. */
final class ImageTest {
    private static final Set<String> INSTRUCTIONS = Set.of(
            "ARG", "FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "VOLUME", "EXPOSE", "HEALTHCHECK", "STOPSIGNAL",
            "ENTRYPOINT", "CMD");
    private static final Path COMMANDS = DeployedFiles.ROOT.resolve("runtime/server/src/dist/bin");

    /**
     * One instruction.
     *
     * @param stage counts the FROMs up to it
     */
    private record Instruction(int stage, String name, String rest) {}

    private final List<Instruction> instructions = read();

    private static List<Instruction> read() {
        List<Instruction> instructions = new ArrayList<>();
        int stage = 0;
        String text = DeployedFiles.text(DeployedFiles.DOCKERFILE).replaceAll("(?m)^\\s*#.*\\R", "");
        for (String line : text.replaceAll("\\\\\\R\\s*", "").split("\\R")) {
            if (!line.isBlank()) {
                String[] words = line.split(" ", 2);
                stage += words[0].equals("FROM") ? 1 : 0;
                instructions.add(new Instruction(stage, words[0], words[1].strip()));
            }
        }
        return instructions;
    }

    @Test
    void shouldSayWhatABuilderUnderstands() {
        for (Instruction instruction : instructions) {
            assertTrue(INSTRUCTIONS.contains(instruction.name()), instruction.toString());
            assertTrue(instruction.stage() > 0 || instruction.name().equals("ARG"), instruction.toString());
        }
        assertEquals(2, instructions.getLast().stage());
    }

    @Test
    void shouldCopyWhatIsThere() {
        for (Instruction copy : all("COPY")) {
            String[] words = copy.rest().split(" ");
            if (words[0].startsWith("--from=")) {
                String from = words[0].substring("--from=".length());
                assertTrue(all("FROM").stream().anyMatch(stage -> stage.rest().endsWith(" AS " + from)), from);
            } else {
                assertTrue(Files.exists(DeployedFiles.ROOT.resolve(words[0])), copy.toString());
            }
        }
    }

    @Test
    void shouldEndAsAUserWithoutRights() {
        Instruction user = all("USER").getLast();
        assertTrue(user.rest().matches("[1-9]\\d*:[1-9]\\d*"), user.toString());
        for (String name : List.of("RUN", "COPY")) {
            // What is made later would belong to root again, or fail.
            assertTrue(instructions.indexOf(all(name).getLast()) < instructions.indexOf(user), name);
        }
    }

    @Test
    void shouldStartCommandsOfTheDistribution() throws IOException {
        Instruction health = all("HEALTHCHECK").getLast();
        for (String command : List.of(
                all("ENTRYPOINT").getLast().rest(), health.rest().substring(health.rest().indexOf("CMD ") + 4))) {
            // Only in this form is it no shell that gets the signals.
            String program = new ObjectMapper().readTree(command).path(0).asText();
            assertTrue(Files.isExecutable(COMMANDS.resolve(program)), command);
        }
        assertEquals("server", new ObjectMapper().readTree(all("CMD").getLast().rest()).path(0).asText());
        assertTrue(DeployedFiles.text(COMMANDS.resolve("millrace")).contains("\nexec "), "the shell has to go");
    }

    @Test
    void shouldBuildWithTheProfileThatMakesTheDistribution() {
        Instruction build = all("RUN").getFirst();
        assertTrue(build.rest().startsWith("./mvnw ") && build.rest().contains(" -P dist "), build.toString());
        String ignored = DeployedFiles.text(DeployedFiles.ROOT.resolve(".dockerignore"));
        assertTrue(ignored.lines().anyMatch("deploy/secrets"::equals), ignored);
        assertTrue(ignored.lines().anyMatch("**/target"::equals), ignored);
        for (String needed : List.of("runtime", "build-support", "pom.xml", "mvnw", ".mvn", "examples")) {
            assertFalse(ignored.lines().anyMatch(needed::equals), needed);
        }
    }

    private List<Instruction> all(String name) {
        return instructions.stream().filter(instruction -> instruction.name().equals(name)).toList();
    }
}
