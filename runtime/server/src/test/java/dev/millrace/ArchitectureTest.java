// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/**
 * The arrows between modules, checked in the byte code: server → cluster → {planner, connectors, checkpointing} →
 * engine. The dependencies of the POMs alone cannot say this, because Calcite and Pekko reach upper modules transitively.
 */
final class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.millrace");

    @Test
    void shouldSeeTheClassesOfEveryModule() {
        for (String module : new String[] {"engine", "planner", "connectors", "checkpointing", "cluster", "server"}) {
            assertTrue(CLASSES.stream().anyMatch(type -> type.getPackageName().startsWith("dev.millrace." + module)),
                    "no class of dev.millrace." + module + " is on the class path");
        }
    }

    @Test
    void shouldPointModuleArrowsOneWay() {
        layeredArchitecture().consideringOnlyDependenciesInLayers().withOptionalLayers(true)
                .layer("engine").definedBy("dev.millrace.engine..")
                .layer("planner").definedBy("dev.millrace.planner..")
                .layer("connectors").definedBy("dev.millrace.connectors..")
                .layer("checkpointing").definedBy("dev.millrace.checkpointing..")
                .layer("cluster").definedBy("dev.millrace.cluster..")
                .layer("server").definedBy("dev.millrace.server..")
                .whereLayer("server").mayNotBeAccessedByAnyLayer()
                .whereLayer("cluster").mayOnlyBeAccessedByLayers("server")
                .whereLayer("planner").mayOnlyBeAccessedByLayers("cluster", "server")
                .whereLayer("connectors").mayOnlyBeAccessedByLayers("cluster", "server")
                .whereLayer("checkpointing").mayOnlyBeAccessedByLayers("cluster", "server")
                .check(CLASSES);
    }

    @Test
    void shouldBelongToAModuleOfTheDesign() {
        classes().that(alwaysTrue()).should().resideInAnyPackage("dev.millrace.engine..", "dev.millrace.planner..",
                "dev.millrace.connectors..", "dev.millrace.checkpointing..", "dev.millrace.cluster..",
                "dev.millrace.server..", "dev.millrace.testing..").check(CLASSES);
    }

    @Test
    void shouldKeepCalciteInThePlanner() {
        noClasses().that().resideOutsideOfPackage("dev.millrace.planner..").should().dependOnClassesThat()
                .resideInAPackage("org.apache.calcite..").check(CLASSES);
    }

    @Test
    void shouldKeepActorsOutOfEngineAndPlanner() {
        noClasses().that().resideInAnyPackage("dev.millrace.engine..", "dev.millrace.planner..").should()
                .dependOnClassesThat().resideInAPackage("org.apache.pekko..").check(CLASSES);
    }

    @Test
    void shouldKeepProtocolRulesFreeOfActors() {
        noClasses().that().resideInAPackage("dev.millrace.cluster.protocol..").should().dependOnClassesThat()
                .resideInAPackage("org.apache.pekko..").allowEmptyShould(true).check(CLASSES);
    }

    @Test
    void shouldKeepThePackagesOfTheClusterFreeOfCircles() {
        slices().matching("dev.millrace.cluster.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void shouldKeepTheFrontOfANodeUnknownBehindIt() {
        noClasses().that().resideInAPackage("dev.millrace.cluster.*..").should().dependOnClassesThat()
                .resideInAPackage("dev.millrace.cluster").check(CLASSES);
    }
}
