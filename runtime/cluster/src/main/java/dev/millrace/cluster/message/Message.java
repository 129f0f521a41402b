package dev.millrace.cluster.message;

/** A message that may cross to another node; bound to the serializer of messages. */
public interface Message {}
