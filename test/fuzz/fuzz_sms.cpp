// The tracker of SMS: an input is what happens, step by step (`sms_play`), and every promise of
// reliability.md section 3 is held against it (`sms_model`).
#include "sms_play.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    aiflow::test::sms_play(aiflow::test::fuzz_input(data, size)).run();
    return 0;
}
