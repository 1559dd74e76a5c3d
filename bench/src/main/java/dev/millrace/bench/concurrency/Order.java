package dev.millrace.bench.concurrency;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * What a process is told on its command line. Holds nothing secret.
 *
 * @param number which one of its role it is, from 0
 * @param life how often it was started before; a producer stages under another name in each life
 * @param acknowledgements the folder in which producers write down what is staged
 */
record Order(Role role, int number, int life, SiteAddress site, Pace pace, String acknowledgements) {
    private static final ObjectMapper JSON = new ObjectMapper();

    Order {
        if (role == null || site == null || pace == null || acknowledgements == null) {
            throw new IllegalArgumentException("an order lacks role, site, pace or folder");
        }
    }

    String toText() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static Order parse(String text) {
        try {
            return JSON.readValue(text, Order.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not an order: '" + text + "'", e);
        }
    }
}
