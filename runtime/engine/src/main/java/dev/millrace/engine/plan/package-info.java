/** The plan of a job: a small sealed tree that the planner makes and the cluster runs. Never generated code. */
package dev.millrace.engine.plan;
