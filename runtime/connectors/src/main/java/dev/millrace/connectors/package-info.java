/** Sources, sinks and formats behind the engine's connector interfaces. */
package dev.millrace.connectors;
