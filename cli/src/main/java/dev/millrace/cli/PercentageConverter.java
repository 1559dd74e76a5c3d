package dev.millrace.cli;

import dev.millrace.cli.config.Percentage;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an option that is a percentage. */
final class PercentageConverter implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
        try {
            return Percentage.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException("'" + text + "' is not " + e.getMessage());
        }
    }
}
