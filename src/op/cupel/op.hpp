// All that a migration needs: #include <cupel/op.hpp>. Data migrations add <cupel/connection.hpp>.
#pragma once

#include <cupel/operations.hpp>
#include <cupel/revision.hpp>
