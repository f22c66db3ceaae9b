package io.plumbline.ascend.acl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AclStatusTest {
    @ParameterizedTest
    @CsvSource({
        "100000,InvalidDeviceArgumentException",
        "100001,NotInitialisedException",
        "100039,StubLibraryException",
        "107002,ContextMissingException",
        "107003,ContextMissingException",
        "107022,StreamAbortedException",
        "107027,GraphCaptureException",
        "507903,GraphCaptureException",
        "148049,AscendUnavailableException",
        "561112,AscendUnavailableException",
        "200001,OperationUnsupportedException",
        "361001,OperationUnsupportedException",
        "561002,OperationUnsupportedException",
        "207001,DeviceOutOfMemoryException",
        "207018,DeviceOutOfMemoryException",
        "207008,DeviceResourcesExhaustedException",
        "300000,DeviceResourcesExhaustedException",
        "507046,DeviceTimeoutException",
        "107020,DeviceTimeoutException",
        "507015,DeviceFaultException",
        "507054,DeviceFaultException",
        "161001,InvalidDeviceArgumentException",
        "161002,InvalidDeviceArgumentException",
        "500000,RuntimeInternalException",
        // not listed: by range
        "507123,DeviceFaultException",
        "107999,InvalidDeviceArgumentException",
        "561118,RuntimeInternalException",
        "500999,RuntimeInternalException",
        "-7,RuntimeInternalException",
    })
    void everyCodeHasAnExceptionOfItsKind(int code, String exception) {
        assertThat(new AclFailure("f", code, "").toException().getClass().getSimpleName())
                .isEqualTo(exception);
    }

    @ParameterizedTest
    @EnumSource
    void theMessageTellsFunctionNameWordsAndRemedy(AclStatus status) {
        AclException exception = new AclFailure("aclrtMalloc", status.code(), " [words] ").toException();
        assertThat(exception)
                .hasMessage("aclrtMalloc failed with %d %s: [words]. Remedy: %s"
                        .formatted(
                                status.code(),
                                status.name(),
                                AclStatus.kindOf(status.code()).remedy()));
    }

    @Test
    void everyKindHasCodesAndARemedy() {
        assertThat(Arrays.stream(AclStatus.values())
                        .map(status -> AclStatus.kindOf(status.code()))
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(ErrorKind.values());
        assertThat(ErrorKind.values())
                .allSatisfy(kind -> assertThat(kind.remedy()).isNotBlank());
    }

    @Test
    void aNullResultIsToldAsSuch() {
        assertThat(new AclFailure("aclCreateTensor", 0, "").toException())
                .hasMessageStartingWith("aclCreateTensor failed with NULL. Remedy: ");
    }
}
