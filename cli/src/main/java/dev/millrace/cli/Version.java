package dev.millrace.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine;

/** The version that the build wrote down. */
final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() throws IOException {
        Properties properties = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
            properties.load(in);
        }
        return new String[] {
            "millrace " + properties.getProperty("version") + " (DuckDB " + properties.getProperty("duckdb") + ", Java "
                    + Runtime.version() + ")"
        };
    }
}
