package dev.millrace.schemas;

/** A column of a dataset; {@code required} when the contract allows no NULL in it. */
public record Column(String name, LakeType type, boolean required) {}
