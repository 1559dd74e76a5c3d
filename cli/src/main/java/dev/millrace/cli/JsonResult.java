package dev.millrace.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintStream;

/** Prints a result record as one JSON object on one line. */
final class JsonResult {
    private static final JsonMapper MAPPER = new JsonMapper();

    private JsonResult() {}

    static void print(PrintStream out, Object result) throws JsonProcessingException {
        out.println(MAPPER.writeValueAsString(result));
    }
}
