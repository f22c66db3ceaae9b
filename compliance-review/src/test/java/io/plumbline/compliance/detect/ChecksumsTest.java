package io.plumbline.compliance.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Public specimen numbers must pass, and every copy with one digit changed must fail. */
class ChecksumsTest {
    private static final LocalDate TODAY = LocalDate.of(2026, 3, 1);

    static Stream<Arguments> vectors() {
        return Stream.of(
                vector("resident id", "11010519491231002X", id -> Checksums.residentId(id, TODAY)),
                vector("social credit code", "91350100M000100Y43", Checksums::socialCreditCode),
                vector("card", "4111111111111111", Checksums::luhn),
                vector("IMEI", "490154203237518", Checksums::imei),
                vector("NPI", "1234567893", Checksums::npi),
                vector("IBAN", "GB82WEST12345698765432", Checksums::iban),
                vector("LEI", "5493001KJTIIGC8Y1R12", Checksums::lei),
                vector("Hong Kong id", "A1234563", Checksums::hongKongId),
                vector("Taiwan id", "A123456789", Checksums::taiwanId),
                vector("DEA", "AB1234563", Checksums::dea),
                vector("VIN", "1M8GDM9AXKP042788", Checksums::vin),
                vector("CAS", "7732-18-5", Checksums::cas),
                vector("producer code", "001191350100M000100Y4300001", Checksums::producerCode));
    }

    private static Arguments vector(String name, String number, Predicate<String> check) {
        return Arguments.of(name, number, check);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vectors")
    void acceptsTheSpecimenAndRefusesChangedDigits(String name, String number, Predicate<String> check) {
        assertThat(check.test(number)).as(name).isTrue();
        for (int i = 0; i < number.length(); i++) {
            // The five characters after a producer's credit code are free.
            boolean free = name.equals("producer code") && i >= 22;
            if (Character.isDigit(number.charAt(i)) && !free) {
                char changed = (char) ('0' + (number.charAt(i) - '0' + 1) % 10);
                String mutated = number.substring(0, i) + changed + number.substring(i + 1);
                assertThat(check.test(mutated)).as("%s as %s", number, mutated).isFalse();
            }
        }
        assertThat(check.test(number.substring(1))).isFalse();
        assertThat(check.test(number + "0")).isFalse();
        assertThat(check.test("")).isFalse();
    }

    @Test
    void residentIdNeedsARealBirthDateInThePast() {
        // Check characters are right in all three.
        assertThat(Checksums.residentId("110105194902290029", TODAY)).isFalse();
        assertThat(Checksums.residentId("110105209912310029", TODAY)).isFalse();
        assertThat(Checksums.residentId("11010519491231002x", TODAY)).isTrue();
    }

    @Test
    void socialSecurityNumberRanges() {
        assertThat(Checksums.socialSecurityNumber("078051120")).isTrue();
        assertThat(Stream.of("000051120", "666051120", "900051120", "999051120", "078001120", "078050000", "07805112"))
                .noneMatch(Checksums::socialSecurityNumber);
    }
}
